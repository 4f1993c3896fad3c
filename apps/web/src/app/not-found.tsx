import { Compass } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { TopBar } from '../shell/top-bar.tsx';

export function NotFound(): ReactNode {
  const [, go] = useLocation();
  return (
    <>
      <TopBar title={strings.product} />
      <main className="page">
        <Empty sign={<Compass />} title={strings.problem.notFound} text={strings.problem.notFoundText}>
          <Button look="primary" onPress={() => go('/')}>
            {strings.problem.toPhotos}
          </Button>
        </Empty>
      </main>
    </>
  );
}
