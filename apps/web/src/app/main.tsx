import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openDevice } from '../device/open.ts';
import '../design/index.css';
import { App } from './app.tsx';
import { applyTheme, readTheme } from './theme.ts';

applyTheme(readTheme());
const place = document.querySelector('#app');
if (place === null) throw new Error('the page has no place for the app');
createRoot(place).render(
  <StrictMode>
    <App device={openDevice()} />
  </StrictMode>,
);
