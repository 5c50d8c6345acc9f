"""How figures change when films are exposed, stored or framed otherwise."""
