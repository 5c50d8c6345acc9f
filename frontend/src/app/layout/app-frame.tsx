import { Anchor, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { Icon } from "@/components/icon";
import { SignInGate, SignOutButton } from "@/features/access";
import { ReadinessBanner } from "@/features/readiness";
import { modelsQuery } from "@/lib/api/queries";
import { say } from "@/lib/words/catalogue";
import { modelPath, READING_PATH, RECEIVED_PATH } from "@/lib/paths";

import styles from "./app-frame.module.css";
import { ColourSchemeSwitch } from "./colour-scheme-switch";
import { Wordmark } from "./wordmark";

function navClass(active: boolean): string {
  return [styles.link, active ? styles.active : ""].join(" ");
}

/** What stands around every page: the name, the ways to go, the notice. */
export function AppFrame({ children }: { readonly children: ReactNode }) {
  const { data: models } = useQuery(modelsQuery);
  return (
    <div className={styles.frame}>
      <Anchor href="#main" className={styles.skip}>
        Skip to the content
      </Anchor>
      <header>
        <div className={styles.bar}>
          <Link href={READING_PATH} className={styles.home} aria-label="Hilum, start">
            <Wordmark />
          </Link>
          <nav aria-label="Pages" className={styles.nav}>
            <Link href={READING_PATH} className={navClass}>
              Read
            </Link>
            {models && (
              <Link href={modelPath(models.default)} className={navClass}>
                Model
              </Link>
            )}
            <Link href={RECEIVED_PATH} className={navClass}>
              Not read
            </Link>
            {/* Not in this window, where it would end the session. */}
            <a href="/docs" className={styles.link} target="_blank" rel="noopener">
              API
              <VisuallyHidden>, opens in a new tab</VisuallyHidden>
              <Icon name="external" sizePx={13} />
            </a>
          </nav>
          <SignOutButton />
          <ColourSchemeSwitch />
        </div>
        <p className={styles.notice} role="note">
          {say("page", "notice")}
        </p>
        <ReadinessBanner />
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <SignInGate>{children}</SignInGate>
      </main>
    </div>
  );
}
