import { QueryClient } from '@tanstack/react-query';
import { HttpFailure } from './http.ts';

export const META_KEY = ['evergreen', 'meta'] as const;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A 4xx will not get better by asking again.
      retry: (count, error) => !(error instanceof HttpFailure && error.statusCode >= 400) && count < 2,
      refetchOnWindowFocus: false,
      staleTime: 0,
    },
  },
});
