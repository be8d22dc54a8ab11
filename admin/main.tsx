import './theme.css';
import './ui/ui.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startI18n } from './i18n/index.ts';
import { pageOf, prefetchPage } from './pages.ts';
import { META_KEY, queryClient } from './refine/query-client.ts';
import { followSystemTheme } from './shell/theme-mode.ts';

// The first page and the definitions are usually here by now (index.html, early.ts): then the first thing drawn is the page.
await Promise.all([startI18n(), prefetchPage(pageOf(location.pathname)), takeMeta()]);
followSystemTheme();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/** Waits for definitions under way, but not for long: the frame is better than nothing. */
async function takeMeta(): Promise<void> {
  const early = window.evergreenEarly?.get('/api/_meta');
  const answer = await Promise.race([early, new Promise<null>((done) => setTimeout(done, 250, null))]);
  if (answer?.status !== 200) return;
  window.evergreenEarly?.delete('/api/_meta');
  queryClient.setQueryData(META_KEY, answer.body);
}
