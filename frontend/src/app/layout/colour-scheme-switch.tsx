import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from "@mantine/core";

import { Icon, type IconName } from "@/components/icon";

const schemes: Record<MantineColorScheme, { icon: IconName; words: string; next: MantineColorScheme }> = {
  auto: { icon: "system", words: "as the system", next: "light" },
  light: { icon: "sun", words: "light", next: "dark" },
  dark: { icon: "moon", words: "dark", next: "auto" },
};

/** One button that goes round: as the system, light, dark. */
export function ColourSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon, words, next } = schemes[colorScheme];
  const label = `Colour scheme: ${words}. Switch to ${schemes[next].words}.`;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => {
        setColorScheme(next);
      }}
    >
      <Icon name={icon} sizePx={18} />
    </ActionIcon>
  );
}
