package dev.vitrine.lens.attribution;

import java.util.concurrent.CancellationException;

/** Work was stopped within a sample for which a partial result exists. */
public final class PartialExplanation extends CancellationException {
    private static final long serialVersionUID = 1;

    private final transient Explanation explanation;
    private final String done;

    /**
     * @param explanation of the samples up to and including the one being worked on when stopped
     * @param done progress on that sample, such as "12 of 4000 masks"
     */
    public PartialExplanation(Explanation explanation, String done) {
        super("stopped after " + done);
        this.explanation = explanation;
        this.done = done;
    }

    public Explanation explanation() {
        return explanation;
    }

    public String done() {
        return done;
    }
}
