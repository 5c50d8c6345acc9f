import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";

import { sessionQuery, signOut } from "@/lib/api/session";

/** Ends the session, where there is one. */
export function SignOutButton() {
  const { data: session } = useQuery(sessionQuery);
  const { mutate } = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      // Films and readings are in this page's memory: the next person must not find them.
      window.location.reload();
    },
  });
  if (!session?.is_required || !session.is_signed_in) return null;
  return (
    <Button
      variant="subtle"
      color="gray"
      size="xs"
      onClick={() => {
        mutate();
      }}
    >
      Sign out
    </Button>
  );
}
