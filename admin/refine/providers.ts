/** The smaller providers Refine asks for: who is signed in, what they may do, how it speaks, what changed elsewhere. */
import type { AccessControlProvider, AuthProvider, LiveProvider, NotificationProvider } from '@refinedev/core';
import type { Meta, MetaResource } from '../../api/contract.ts';
import { showToast } from '../ui/toast-store.ts';
import { onEvent } from './events.ts';
import { HttpFailure, send } from './http.ts';
import { META_KEY, queryClient } from './query-client.ts';

export const authProvider: AuthProvider = {
  login: async ({ email, password }: { email: string; password: string }) => {
    try {
      await send('POST', '/api/auth/sign-in', { body: { email, password } });
      return { success: true };
    } catch (error) {
      return { success: false, error: error as HttpFailure };
    }
  },
  logout: async () => {
    await send('POST', '/api/auth/sign-out').catch(() => undefined);
    queryClient.clear();
    return { success: true, redirectTo: '/sign-in' };
  },
  check: async () => ({ authenticated: queryClient.getQueryData(META_KEY) !== undefined }),
  onError: async (error: unknown) => {
    // Signed out elsewhere: asking for the definitions again leads to the sign-in page and back here afterwards.
    if (error instanceof HttpFailure && error.statusCode === 401) void queryClient.resetQueries({ queryKey: META_KEY });
    return {};
  },
  getIdentity: async () => queryClient.getQueryData<Meta>(META_KEY)?.user ?? null,
  getPermissions: async () => queryClient.getQueryData<Meta>(META_KEY)?.user.roles ?? [],
};

const VERBS: { [action: string]: keyof MetaResource['can'] } = {
  list: 'list',
  show: 'list',
  create: 'create',
  clone: 'create',
  edit: 'edit',
  delete: 'delete',
  import: 'import',
  export: 'export',
};

/** Answers from the definitions already here: no request, however many buttons ask. */
export const accessControlProvider: AccessControlProvider = {
  can: async ({ resource, action }) => {
    const meta = queryClient.getQueryData<Meta>(META_KEY);
    const definition = meta?.resources.find((candidate) => candidate.name === resource);
    const verb = VERBS[action];
    return { can: Boolean(definition && verb && definition.can[verb]) };
  },
};

export const notificationProvider: NotificationProvider = {
  open: ({ message, type }) => showToast({ text: message, tone: type === 'error' ? 'bad' : 'good' }),
  close: () => undefined,
};

/** Changes made by others, from the server's event stream. Lists offer a refresh; nothing refetches under a typist. */
export const liveProvider: LiveProvider = {
  subscribe: ({ channel, callback }) => {
    const name = channel.replace(/^resources\//, '');
    return onEvent((event) => {
      if (event.type !== 'resource' || event.name !== name) return;
      callback({ channel, type: 'updated', payload: { ids: event.ids }, date: new Date() });
    });
  },
  unsubscribe: (stop: () => void) => stop(),
};
