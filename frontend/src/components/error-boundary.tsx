import { Component, type ReactNode } from "react";

import { Article } from "./article";

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** What stands in the page's place when its code failed. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Article title="Something went wrong in this page">
        <p>Reload it to start afresh. The readings of this session are lost by that; nothing was stored.</p>
      </Article>
    );
  }
}
