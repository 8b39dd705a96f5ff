package dev.vitrine.lens.model.zoo;

/** Follows a download. */
public interface Watch {
    /** Nobody follows it. */
    Watch NONE = new Watch() {
        @Override
        public void report(long done, long all) {}

        @Override
        public void say(String line) {}

        @Override
        public boolean isStopped() {
            return false;
        }
    };

    /** {@code done} of {@code all} bytes are there. */
    void report(long done, long all);

    /** Something that a person wants to know: that an address failed, that another program fetches the same file. */
    void say(String line);

    /** Whether somebody asked to stop. What is there stays, so that the next download goes on from it. */
    boolean isStopped();
}
