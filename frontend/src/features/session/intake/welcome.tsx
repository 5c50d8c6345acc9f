import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import { modelPath } from "@/lib/paths";

import { ModelChoice } from "../choice/model-choice";
import { useModels } from "../choice/use-models";
import styles from "./intake.module.css";

/** Three lines for who is here for the first time. */
export function Welcome() {
  const { chosen } = useModels();
  const models = chosen.filter(({ intended_population: population }) => population);
  return (
    <>
      <h2>A radiograph in, a reading out</h2>
      <dl className={styles.facts}>
        <div>
          <dt>What to drop</dt>
          <dd>
            A frontal chest radiograph as JPEG, PNG, WebP, TIFF, BMP or DICOM, uncropped. A phone&apos;s HEIC,
            AVIF, JPEG 2000 and JPEG XL are read, too.
          </dd>
        </div>
        <div>
          <dt>What comes back</dt>
          <dd>
            The probability and the decision for each finding that the model decides on; or that it is
            uncertain; or why the image was not read.
          </dd>
        </div>
        <div>
          <dt>What happens to the file</dt>
          <dd>
            It is read in memory by the server you are connected to, and not kept. This page keeps its list
            only until you close or reload it.
          </dd>
        </div>
        {models.length > 0 && (
          <div>
            <dt>Intended population</dt>
            {models.map(({ address, title, intended_population: population }) => (
              <dd key={address}>
                {models.length > 1 && `${title ?? address}: `}
                {population}.{" "}
                <Anchor component={Link} href={modelPath(address)} underline="always">
                  Model card
                </Anchor>
              </dd>
            ))}
          </div>
        )}
      </dl>
      <ModelChoice />
    </>
  );
}
