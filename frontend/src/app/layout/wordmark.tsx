import styles from "./app-frame.module.css";

/** The hilum, where the bronchi and vessels enter the lungs, and the name. */
export function Wordmark() {
  return (
    <span className={styles.wordmark}>
      <svg width="26" height="26" viewBox="0 0 32 32" fill="none" aria-hidden focusable={false}>
        <g stroke="currentColor" strokeWidth="2.2" strokeLinecap="round">
          <path d="M16 3v10M16 13c-1.2 2.6-3.4 3.8-7 4.3M16 13c1.2 2.6 3.4 3.8 7 4.3" />
          <path d="M11.5 16.6c-.8 3.2-2.5 6-5.5 8.4M20.5 16.6c.8 3.2 2.5 6 5.5 8.4" />
          <path d="M10.5 19.7c1.2 2 1.6 4.3 1.3 7.3M21.5 19.7c-1.2 2-1.6 4.3-1.3 7.3" />
        </g>
        <circle cx="16" cy="13" r="2.6" className={styles.node} />
      </svg>
      <span className={styles.name}>Hilum</span>
    </span>
  );
}
