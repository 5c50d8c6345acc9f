import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { modelsQuery } from "@/lib/api/queries";
import { modelPath } from "@/lib/paths";

import styles from "./intake.module.css";

/** Three lines for who is here for the first time. */
export function Welcome() {
  const { data } = useQuery(modelsQuery);
  const model = data?.models.find(({ name }) => name === data.default);
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
        {model?.intended_population && (
          <div>
            <dt>For whom the model is meant</dt>
            <dd>
              {model.intended_population}.{" "}
              <Anchor component={Link} href={modelPath(model.name)} underline="always">
                Model card
              </Anchor>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
