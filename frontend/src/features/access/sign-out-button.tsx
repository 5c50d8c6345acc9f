import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { sessionQuery, signOut } from "@/lib/api/session";

/** Ends the session, where there is one. */
export function SignOutButton() {
  const { data: session } = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: signOut,
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
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
