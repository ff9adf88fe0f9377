package dev.jwkscache.bench.soak;

import dev.jwkscache.JwkSet;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Caches that are wrong on purpose, each in one way, for the soak to catch. */
enum WrongCaches {
    SERVES_KEYS_PAST_MAX_STALENESS {
        @Override
        Subject disguise(Subject right) {
            return new Remembering(right, KeysExpiredException.class);
        }
    },
    KEEPS_WITHDRAWN_KEYS {
        @Override
        Subject disguise(Subject right) {
            return new Remembering(right, UnknownKeyException.class);
        }
    },
    MAKES_CALLERS_OF_KNOWN_KEYS_WAIT {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<VerificationKey> keyAsync(String kid, String alg) {
                    return new CompletableFuture<>();
                }
            };
        }
    },
    DOES_NOT_PURGE {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public void purge() {
                    right.refresh();
                }
            };
        }
    },
    FETCHES_FOR_EACH_FORGED_KID {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<VerificationKey> keyAsync(String kid, String alg) {
                    if (kid != null && kid.startsWith("forged")) {
                        right.refresh();
                    }
                    return right.keyAsync(kid, alg);
                }
            };
        }
    },
    CALLS_A_KNOWN_KID_UNKNOWN {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<VerificationKey> keyAsync(String kid, String alg) {
                    return right.keyAsync(kid == null ? null : kid + "0", alg);
                }
            };
        }
    },
    SERVES_ANOTHER_KEY_THAN_ASKED_FOR {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<VerificationKey> keyAsync(String kid, String alg) {
                    return right.keyAsync(null, alg);
                }
            };
        }
    },
    REFRESH_DOES_NOTHING {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<JwkSet> refresh() {
                    return CompletableFuture.completedFuture(right.get());
                }
            };
        }
    },
    DOES_NOT_CLOSE {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public void close() {}
            };
        }
    },
    IGNORES_BAD_SIGNATURES {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public void reportBadSignature(VerificationKey key) {}
            };
        }
    },
    DOES_NOT_START {
        @Override
        Subject disguise(Subject right) {
            return new Changed(right) {
                @Override
                public CompletableFuture<Void> startAsync() {
                    return new CompletableFuture<>();
                }
            };
        }
    };

    abstract Subject disguise(Subject right);

    /** The right cache, to be changed in one place. */
    private static class Changed extends Subject.Real {
        Changed(Subject right) {
            super(((Subject.Real) right).cache);
        }
    }

    /** Answers one refusal with the key that it once had. */
    private static final class Remembering extends Changed {
        private final Map<String, VerificationKey> remembered = new HashMap<>();
        private final Class<?> refusal;

        Remembering(Subject right, Class<?> refusal) {
            super(right);
            this.refusal = refusal;
        }

        @Override
        public synchronized CompletableFuture<VerificationKey> keyAsync(String kid, String alg) {
            return super.keyAsync(kid, alg).handle((key, failure) -> {
                if (key != null) {
                    remembered.put(kid + alg, key);
                    return key;
                }
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                VerificationKey old = remembered.get(kid + alg);
                if (refusal.isInstance(cause) && old != null) {
                    return old;
                }
                throw new CompletionException(cause);
            });
        }
    }
}
