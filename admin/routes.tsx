/** Every address of the admin. */
import { createBrowserRouter } from 'react-router';
import { pages } from './pages.ts';
import { Shell } from './shell/shell.tsx';

export const router = createBrowserRouter([
  { path: '/sign-in', element: <pages.signIn /> },
  { path: '/set-password', element: <pages.setPassword /> },
  { path: '/paper/retrospectives/:month', element: <pages.paper /> },
  {
    element: <Shell />,
    children: [
      { path: '/', element: <pages.home /> },
      { path: '/reports/*', element: <pages.reports /> },
      { path: '/api-reference', element: <pages.apiReference /> },
      { path: '/permissions', element: <pages.permissions /> },
      { path: '/trial', element: <pages.trial /> },
      { path: '/back-tests', element: <pages.backTests /> },
      { path: '/back-tests/:id', element: <pages.backTest /> },
      { path: '/v/:code', element: <pages.view /> },
      { path: '/:resource', element: <pages.list /> },
      { path: '/:resource/new', element: <pages.form /> },
      { path: '/:resource/import/:import_id?', element: <pages.imports /> },
      { path: '/:resource/trash', element: <pages.trash /> },
      { path: '/:resource/:id', element: <pages.detail /> },
      { path: '/:resource/:id/edit', element: <pages.form /> },
      { path: '*', element: <pages.notFound /> },
    ],
  },
]);
