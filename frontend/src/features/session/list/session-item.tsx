import { ActionIcon, UnstyledButton } from "@mantine/core";
import type { KeyboardEvent } from "react";

import { Icon } from "@/components/icon";
import { VerdictMark } from "@/components/verdict-mark";

import { answerOf, type Entry } from "../store/entry";
import styles from "./session-list.module.css";
import { stateWords } from "./state-words";

interface SessionItemProps {
  readonly entry: Entry;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onRemove: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function SessionItem({ entry, isSelected, onSelect, onRemove, onKeyDown }: SessionItemProps) {
  const { file, facts, pictureUrl, thumbnailUrl, state } = entry;
  const { words, tone, icon, verdict } = stateWords(state);
  return (
    <li className={styles.item} data-selected={isSelected || undefined}>
      <UnstyledButton
        className={styles.select ?? ""}
        data-select
        aria-current={isSelected}
        onClick={onSelect}
        onKeyDown={onKeyDown}
      >
        <span className={styles.thumbnail}>
          {pictureUrl ? (
            <img
              src={pictureUrl}
              alt=""
              loading="lazy"
              decoding="async"
              style={{ rotate: `${answerOf(entry)?.image.turned_degrees ?? 0}deg` }}
            />
          ) : thumbnailUrl ? (
            <img src={thumbnailUrl} alt="" />
          ) : (
            <Icon name="film" />
          )}
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{file.name}</span>
          <span className={styles.state} data-tone={tone}>
            {verdict && <VerdictMark code={verdict} sizePx={11} />}
            {icon && <Icon name={icon} sizePx={13} />}
            <span>{facts?.view && state.kind !== "skipped" ? `${facts.view} · ${words}` : words}</span>
          </span>
        </span>
        {state.kind === "sending" && (
          <span className={styles.sent} style={{ width: `${state.share * 100}%` }} aria-hidden />
        )}
      </UnstyledButton>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        className={styles.remove ?? ""}
        aria-label={`Remove ${file.name}`}
        onClick={onRemove}
      >
        <Icon name="close" sizePx={14} />
      </ActionIcon>
    </li>
  );
}
