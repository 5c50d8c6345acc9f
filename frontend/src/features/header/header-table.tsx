import styles from "./header-panel.module.css";
import type { HeaderRow } from "./header-rows";

/** Attributes a row each; those in sequences are moved in. */
export function HeaderTable({ rows }: { readonly rows: readonly HeaderRow[] }) {
  return (
    <div className={styles.scroll} role="region" aria-label="Attributes" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col">Name</th>
            <th scope="col">VR</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, depth, tag, name, vr, value, isPrivate }) => (
            <tr key={path} data-depth={depth || undefined}>
              <td className={styles.tag} style={{ paddingLeft: `${0.5 + depth}rem` }}>
                {depth > 0 && <span aria-hidden>└ </span>}
                {tag}
              </td>
              <td>
                {name}
                {isPrivate && <span className={styles.mark}>private</span>}
              </td>
              <td>{vr}</td>
              <td className={styles.value}>
                {value === null ? <span className={styles.hidden}>hidden</span> : value}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
