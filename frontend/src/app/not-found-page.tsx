import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import { Article } from "@/components/article";
import { READING_PATH } from "@/lib/paths";

export function NotFoundPage() {
  return (
    <Article title="There is no such page">
      <p>
        <Anchor component={Link} href={READING_PATH} underline="always">
          Read a radiograph
        </Anchor>
      </p>
    </Article>
  );
}
