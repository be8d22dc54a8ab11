/** Providers and routes. Nothing here knows a resource by name. */
import { Refine } from '@refinedev/core';
import { RouterProvider } from 'react-router';
import { dataProvider } from './refine/data-provider.ts';
import { accessControlProvider, authProvider, liveProvider, notificationProvider } from './refine/providers.ts';
import { queryClient } from './refine/query-client.ts';
import { router } from './routes.tsx';
import { Toasts } from './ui/toasts.tsx';

export function App() {
  return (
    <Refine
      dataProvider={dataProvider}
      authProvider={authProvider}
      accessControlProvider={accessControlProvider}
      liveProvider={liveProvider}
      notificationProvider={notificationProvider}
      options={{
        disableTelemetry: true,
        syncWithLocation: false,
        mutationMode: 'pessimistic',
        disableRouteChangeHandler: true,
        // Refine's types name the CommonJS copy of the class; it is the same one at run time.
        reactQuery: { clientConfig: queryClient as never },
      }}
    >
      <RouterProvider router={router} />
      <Toasts />
    </Refine>
  );
}
