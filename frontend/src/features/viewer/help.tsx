import { SHORTCUTS } from "./controls/shortcuts";
import styles from "./viewer.module.css";

/** What mouse, fingers and keys do on a film. */
export function Help() {
  return (
    <div className={styles.help} role="region" aria-label="Help for the viewer" tabIndex={0}>
      <h3>Mouse</h3>
      <dl>
        <dt>Drag</dt>
        <dd>What the chosen tool does. Window: right for less contrast, up for brighter</dd>
        <dt>Wheel, right button</dt>
        <dd>Zoom</dd>
        <dt>Middle button</dt>
        <dd>Pan</dd>
        <dt>Click</dt>
        <dd>Evidence in that part of the chest</dd>
      </dl>
      <h3>Fingers</h3>
      <dl>
        <dt>One</dt>
        <dd>What the chosen tool does</dd>
        <dt>Two</dt>
        <dd>Zoom and pan</dd>
      </dl>
      <h3>Keys, with the viewer in focus</h3>
      <dl>
        {SHORTCUTS.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
