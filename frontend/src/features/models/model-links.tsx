import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { modelsQuery } from "@/lib/api/queries";
import { modelPath } from "@/lib/paths";

import styles from "./model-page.module.css";

/** The bundle that measures; it decides on nothing and is not among the models of the server's list. */
const ANATOMY = { address: "anatomy", title: "Lungs and heart" };

/** The ways to the cards of all models; nothing until the server has told which there are. */
export function ModelLinks({ current }: { readonly current: string }) {
  const { data } = useQuery(modelsQuery);
  if (!data) return null;
  const ready = data.models.filter((model) => model.ready);
  return (
    <nav aria-label="Models" className={styles.links}>
      {[...ready, ANATOMY].map(({ address, title }) => (
        <Anchor
          key={address}
          component={Link}
          href={modelPath(address)}
          {...(address === current && { "aria-current": "page" as const })}
        >
          {title ?? address}
        </Anchor>
      ))}
    </nav>
  );
}
