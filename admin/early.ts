/**
 * Runs before the application is loaded (build/early-script.ts): sets theme and language, asks for the definitions,
 * and, as soon as they say what the address needs, for the rows or the record. refine/http.ts takes the answers over.
 */
import type { Meta } from '../api/contract.ts';
import { currentLang } from './i18n/lang.ts';
import { listRequest, readView, standingOf } from './list/view.ts';
import { hasRelations, listQuery, onePath } from './refine/wire.ts';
import { applyTheme } from './shell/theme-mode.ts';

export interface EarlyAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}
declare global {
  interface Window {
    /** Requests under way by path; null when there was no answer. */
    evergreenEarly?: Map<string, Promise<EarlyAnswer | null>>;
  }
}

const early = new Map<string, Promise<EarlyAnswer | null>>();
window.evergreenEarly = early;
document.documentElement.lang = currentLang() === 'zh' ? 'zh-CN' : 'en';
applyTheme();
void begin();

async function begin(): Promise<void> {
  const [name, id, more] = location.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (name === 'sign-in' || name === 'set-password' || name === 'paper') return;
  const meta = (await ask('/api/_meta')) as { status: number; body: Meta } | null;
  if (meta?.status !== 200 || !name) return;
  const resource = meta.body.resources.find((candidate) => candidate.name === name);
  if (!resource?.can.list) return;
  if (id === undefined) {
    const view = readView(new URLSearchParams(location.search), standingOf(meta.body, resource, currentLang()));
    if (view.layout !== 'table') return;
    void ask(`/api/${encodeURIComponent(name)}?${listQuery(listRequest(resource, view))}`);
  } else if (/^\d+$/.test(id) && (more === undefined || more === 'edit')) {
    void ask(onePath(name, id, hasRelations(resource.fields)));
  }
}

function ask(path: string): Promise<EarlyAnswer | null> {
  const answer = fetch(path, { headers: { 'accept-language': currentLang() } }).then(
    async (response): Promise<EarlyAnswer> => {
      const text = await response.text();
      const json = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text };
    },
  );
  const settled = answer.catch(() => null);
  early.set(path, settled);
  return settled;
}
