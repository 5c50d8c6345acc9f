import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";

import { Icon, type IconName } from "@/components/icon";

import styles from "./toolbar.module.css";

export interface ToolbarItem {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same, as the help has it. */
  readonly keys?: string;
  /** For a button that is on or off. */
  readonly isPressed?: boolean;
  /** For a button that opens something. */
  readonly isExpanded?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

interface ToolbarProps {
  /** In groups; the later ones come behind a button where there is no room. */
  readonly groups: readonly (readonly ToolbarItem[])[];
  /** What stands beside the buttons. */
  readonly children?: ReactNode;
}

const FOLDED_FROM_GROUP = 2;

/** A row of buttons that is one stop for Tab; arrow keys walk it. */
export function Toolbar({ groups, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [isUnfolded, setUnfolded] = useState(false);
  const [stop, setStop] = useState(groups[0]?.[0]?.id ?? "");

  const buttons = () =>
    [...(bar.current?.querySelectorAll<HTMLButtonElement>("button[data-item]") ?? [])].filter(
      (button) => !button.disabled && button.getClientRects().length > 0,
    );
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = buttons();
    const at = all.findIndex((button) => button === document.activeElement);
    const next =
      event.key === "Home"
        ? all[0]
        : event.key === "End"
          ? all.at(-1)
          : step && at >= 0
            ? all.at((at + step) % all.length)
            : undefined;
    if (!next || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    setStop(next.dataset.item ?? "");
    next.focus();
  };

  const button = ({ id, icon, label, keys, isPressed, isExpanded, isDisabled, onClick }: ToolbarItem) => (
    <ActionIcon
      key={id}
      variant="subtle"
      className={styles.button ?? ""}
      data-item={id}
      tabIndex={id === stop ? 0 : -1}
      aria-label={label}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      aria-keyshortcuts={keys}
      title={keys ? `${label} (${keys})` : label}
      disabled={isDisabled ?? false}
      onFocus={() => {
        setStop(id);
      }}
      onClick={onClick}
    >
      <Icon name={icon} sizePx={18} />
    </ActionIcon>
  );

  return (
    <div className={styles.bar} data-unfolded={isUnfolded || undefined}>
      <div
        ref={bar}
        role="toolbar"
        tabIndex={-1}
        aria-label="Viewer's tools"
        className={styles.tools}
        onKeyDown={onKeyDown}
      >
        {groups.map((items, index) => (
          <div
            key={items[0]?.id}
            className={styles.group}
            data-folds={index >= FOLDED_FROM_GROUP || undefined}
          >
            {items.map(button)}
          </div>
        ))}
        <div className={styles.unfold}>
          {button({
            id: "more",
            icon: "more",
            label: "More tools",
            isExpanded: isUnfolded,
            onClick: () => {
              setUnfolded(!isUnfolded);
            },
          })}
        </div>
        {children}
      </div>
    </div>
  );
}
