package dev.vitrine.lens.attribution;

import java.util.concurrent.CancellationException;

/** Work was stopped in the middle of a sample of which something can be said already. */
public final class PartialExplanation extends CancellationException {
    private static final long serialVersionUID = 1;

    private final transient Explanation explanation;
    private final String done;

    /**
     * @param explanation of the samples up to the one in whose middle the work was stopped, which is the last
     * @param done how far that one came, such as "12 of 4000 masks"
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
