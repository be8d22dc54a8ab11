/** Every address of the admin. Pages load when they are visited; the one for the first address starts at once. */
import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { type PageName, pageOf, pages, prefetchPage } from './pages.ts';
import { Shell } from './shell/shell.tsx';

prefetchPage(pageOf(location.pathname));

const page = (name: PageName) => lazy(pages[name]);
const List = page('list');
const Detail = page('detail');
const Form = page('form');
const Import = page('imports');
const Home = page('home');
const Reports = page('reports');
const SignIn = page('signIn');
const SetPassword = page('setPassword');
const NotFound = page('notFound');

export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignIn /> },
  { path: '/set-password', element: <SetPassword /> },
  {
    element: <Shell />,
    children: [
      { path: '/', element: <Home /> },
      { path: '/reports/*', element: <Reports /> },
      { path: '/:resource', element: <List /> },
      { path: '/:resource/new', element: <Form /> },
      { path: '/:resource/import/:import_id?', element: <Import /> },
      { path: '/:resource/:id', element: <Detail /> },
      { path: '/:resource/:id/edit', element: <Form /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
