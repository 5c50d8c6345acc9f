import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";

import { ErrorBoundary } from "@/components/error-boundary";
import { ReadingProvider } from "@/features/reading";
import { ReadingSession } from "@/features/session";
import { readerWithAnatomy } from "@/lib/api/read-with-anatomy";

import { AppFrame } from "./layout/app-frame";
import { AppRoutes } from "./routes";
import { cssVariables, theme } from "./theme";

const colourSchemes = localStorageColorSchemeManager({ key: "hilum-colour-scheme" });

export function App() {
  const [queryClient] = useState(() => new QueryClient());
  const [session] = useState(() => new ReadingSession(readerWithAnatomy(queryClient)));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colourSchemes}
    >
      <QueryClientProvider client={queryClient}>
        <ReadingProvider session={session}>
          <AppFrame>
            <ErrorBoundary>
              <AppRoutes />
            </ErrorBoundary>
          </AppFrame>
        </ReadingProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
