import { type ReactNode, useEffect } from "react";

import styles from "./article.module.css";

interface ArticleProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A page of words: one title, one column to read. */
export function Article({ title, children }: ArticleProps) {
  useEffect(() => {
    document.title = `${title} – Hilum`;
  }, [title]);
  return (
    <article className={styles.article}>
      <h1 className={styles.title}>{title}</h1>
      {children}
    </article>
  );
}
