/** Keeps a page that breaks from taking the menu with it. */
import { Component, type ReactNode } from 'react';
import { Failure } from '../ui/states.tsx';

export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} onRetry={() => location.reload()} />;
  }
}
