package dev.vitrine.lens.corruption.distortion;

/** What lies beyond the edge of a row of {@code n} values. */
public enum Edge {
    /** {@code aaa|abcd|ddd}. */
    NEAREST {
        @Override
        public int place(int at, int n) {
            return Math.min(Math.max(at, 0), n - 1);
        }
    },
    /** {@code cba|abcd|dcb}. */
    MIRRORED {
        @Override
        public int place(int at, int n) {
            int within = Math.floorMod(at, 2 * n);
            return within < n ? within : 2 * n - 1 - within;
        }
    },
    /** {@code dcb|abcd|cba}. */
    REFLECTED {
        @Override
        public int place(int at, int n) {
            if (n == 1) {
                return 0;
            }
            int within = Math.floorMod(at, 2 * n - 2);
            return within < n ? within : 2 * n - 2 - within;
        }
    },
    /** {@code bcd|abcd|abc}. */
    REPEATED {
        @Override
        public int place(int at, int n) {
            return Math.floorMod(at, n);
        }
    };

    /** The value that stands at place {@code at}, which may be any number. */
    public abstract int place(int at, int n);
}
