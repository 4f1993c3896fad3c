import { autoAdjust } from '@everroll/media/adjust';
import { type Crop, plainRecipe, type Recipe, recipeText, type RevisionId, shownKey } from '@everroll/protocol';
import { Contrast, Undo2, WandSparkles } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useChange } from '../changes/use-change.ts';
import type { AssetView } from '../device/contract.ts';
import { newId } from '../device/page/new-id.ts';
import { strings } from '../strings/strings.ts';
import { keepFreshLook } from '../timeline/fresh-looks.ts';
import { Button } from '../ui/button.tsx';
import { Confirmation } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Loading } from '../ui/progress.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Percent } from './amount.tsx';
import { CropTools } from './crop-tools.tsx';
import { FilterTools } from './filter-tools.tsx';
import { drawLook, pixelsOf } from './local-look.ts';
import { Shape } from './shapes.ts';
import { Stage } from './stage.tsx';
import { usePicture } from './use-picture.ts';
import '../ui/full-screen.css';
import './editor.css';

type Tool = 'crop' | 'light' | 'colour' | 'filters';
const tools: readonly Tool[] = ['crop', 'light', 'colour', 'filters'];
const light = ['exposure', 'contrast', 'highlights', 'shadows'] as const;
const colour = ['saturation', 'warmth', 'tint'] as const;

const isPlain = (recipe: Recipe): boolean => recipeText(recipe) === recipeText(plainRecipe);

/**
 * Edits a photo over its original: what is set here is a recipe, and the file stays as it is.
 * @param view as it was when it was opened: what comes from elsewhere meanwhile is another edit, which is kept beside this one
 */
export default function Editor({ view, onClose }: { readonly view: AssetView; readonly onClose: () => void }): ReactNode {
  const words = strings.editor;
  const change = useChange();
  const picture = usePicture(view);
  const [before] = useState(() => view.look?.recipe ?? plainRecipe);
  const [recipe, setRecipe] = useState(before);
  const [tool, setTool] = useState<Tool>('light');
  const [shape, setShape] = useState(() => new Shape('free', false));
  const [isComparing, setComparing] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const isChanged = recipeText(recipe) !== recipeText(before);

  const leave = (): void => (isChanged ? setLeaving(true) : onClose());
  const save = async (): Promise<void> => {
    if (isSaving) return;
    if (!isChanged) return onClose();
    setSaving(true);
    const revision = newId() as RevisionId;
    const wanted = isPlain(recipe) ? null : recipe;
    if (wanted !== null && picture) {
      const over = view.look?.over ?? view.unadjusted;
      const key = shownKey({ ...view.asset, adjustments: { current: { id: revision, base: null, over, recipe: wanted, at: 0 }, offered: [] } });
      try {
        // Drawn here first, so that no moment shows the photo without the edit.
        keepFreshLook(key, await drawLook(pixelsOf(picture), wanted));
      } catch {
        // A browser short of memory: the edit is kept all the same, and the server's picture is waited for.
      }
    }
    const made = await change({ do: 'adjust', asset: view.asset.id, recipe: wanted, revision, base: view.asset.adjustments?.current.id ?? null }, wanted === null ? words.reverted : words.saved);
    if (made.ok) onClose();
    else setSaving(false);
  };
  const auto = (): void => {
    if (picture) setRecipe({ ...recipe, ...autoAdjust(pixelsOf(picture)) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };
  const hold = {
    onPressStart: () => setComparing(true),
    onPressEnd: () => setComparing(false),
  };
  const amounts = (names: typeof light | typeof colour): ReactNode =>
    names.map((name) => <Percent key={name} label={words.amount[name]} value={recipe[name]} onChange={(value) => setRecipe((last) => ({ ...last, [name]: value }))} />);

  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className="full-screen editor-layer">
      <Modal className="editor-modal">
        <Dialog aria-label={words.label} className="editor">
          <div className="editor-keys" onKeyDown={onKeyDown}>
            <header className="editor-head">
              <Button look="quiet" onPress={leave}>
                {strings.actions.cancel}
              </Button>
              <div className="editor-acts">
                <IconButton label={words.compare} isDisabled={!isChanged && isPlain(recipe)} {...hold}>
                  <Contrast />
                </IconButton>
                <IconButton label={words.auto} isDisabled={!picture} onPress={auto}>
                  <WandSparkles />
                </IconButton>
                <IconButton label={words.revert} isDisabled={isPlain(recipe)} onPress={() => setRecipe(plainRecipe)}>
                  <Undo2 />
                </IconButton>
              </div>
              {/* Not `isPending`: what that has read out names this button, which is gone with the editor a moment later. */}
              <Button look="primary" data-saving={isSaving || undefined} isDisabled={!picture} onPress={() => void save()}>
                {strings.actions.done}
              </Button>
            </header>
            {picture === undefined && <div className="edit-stage"><Loading /></div>}
            {picture === null && <div className="edit-stage"><p className="edit-nothing">{words.noPicture}</p></div>}
            {picture && (
              <>
                <Stage picture={picture} recipe={recipe} isCropping={tool === 'crop'} ratio={shape.ratioIn(turnedSize(picture, recipe))} isComparing={isComparing} onCrop={(crop: Crop) => setRecipe((last) => ({ ...last, crop }))} />
                {isComparing && <span className="edit-comparing" role="status">{words.comparing}</span>}
                <div className="edit-panel">
                  <Segmented label={words.tools} choices={tools.map((id) => ({ id, label: words.tool[id] }))} chosen={tool} onChange={setTool} />
                  <div className="edit-tools">
                    {tool === 'crop' && <CropTools recipe={recipe} picture={picture} shape={shape} onShape={setShape} onChange={setRecipe} />}
                    {tool === 'light' && amounts(light)}
                    {tool === 'colour' && amounts(colour)}
                    {tool === 'filters' && <FilterTools picture={picture} recipe={recipe} onChange={setRecipe} />}
                  </div>
                </div>
              </>
            )}
            <Confirmation title={words.discard} text={words.discardText} action={words.discardAction} isOpen={isLeaving} onClose={() => setLeaving(false)} onConfirm={onClose} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const turnedSize = ({ width, height }: ImageBitmap, { quarterTurns }: Recipe): { readonly width: number; readonly height: number } => (quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width });
