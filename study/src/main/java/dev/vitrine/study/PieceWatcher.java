package dev.vitrine.study;

/** Reports the progress of a piece as a share of the whole study. */
record PieceWatcher(Watcher whole, String work, double share) implements Watcher {
    @Override
    public void begin(String part, double within) {
        whole.begin(work, share * within);
    }

    @Override
    public void report(long done, long total) {
        whole.report(done, total);
    }

    @Override
    public void within(long done, long total) {
        whole.within(done, total);
    }

    @Override
    public void end() {
        whole.end();
    }

    @Override
    public void leftOut(String problem) {
        whole.leftOut(problem);
    }

    @Override
    public void known(Outcome<?> partial) {
        whole.known(partial);
    }

    @Override
    public void note(String sentence) {
        whole.note(sentence);
    }

    @Override
    public void stopping() {
        whole.stopping();
    }

    @Override
    public void check() {
        whole.check();
    }
}
