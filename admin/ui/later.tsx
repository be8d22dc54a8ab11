/**
 * A component that is loaded when it is first needed. Unlike React.lazy it does not suspend when its code is already
 * here: a fallback that was shown for an instant holds back what follows it by 300 ms.
 */
import { type ComponentType, use } from 'react';

export interface Later<P> {
  (props: P): React.ReactNode;
  /** Starts loading; safe to call again and again. */
  preload(): Promise<void>;
}

export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): Later<P> {
  let here: ComponentType<P> | null = null;
  let coming: Promise<ComponentType<P>> | null = null;
  const fetch = (): Promise<ComponentType<P>> => {
    coming ??= load().then(
      (module) => {
        here = module.default;
        return here;
      },
      (error) => {
        // A lost connection must not break the place for good.
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each file, at the top of a module.
  function LaterComponent(props: P) {
    const Component = here ?? use(fetch());
    return <Component {...props} />;
  }
  return Object.assign(LaterComponent, {
    preload: async () => {
      await fetch().catch(() => undefined);
    },
  });
}
