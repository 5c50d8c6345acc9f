import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";

import { SIGNED_OUT_EVENT } from "@/lib/api/problem";
import { sessionQuery } from "@/lib/api/session";

import { SignInForm } from "./sign-in-form";

/** Shows the page, or the form to sign in where the server needs a token and has not had it. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const { data: session } = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  useEffect(() => {
    const askAgain = () => {
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    window.addEventListener(SIGNED_OUT_EVENT, askAgain);
    return () => {
      window.removeEventListener(SIGNED_OUT_EVENT, askAgain);
    };
  }, [queryClient]);
  return session?.is_required && !session.is_signed_in ? <SignInForm /> : children;
}
