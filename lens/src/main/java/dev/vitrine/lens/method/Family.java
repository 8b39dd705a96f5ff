package dev.vitrine.lens.method;

/** Methods that go about it alike. */
public enum Family {
    GRADIENTS("Gradients"),
    BACKPROPAGATION("Modified backpropagation"),
    BASELINES("Comparison with a baseline"),
    REGIONS("Class activation maps"),
    RELEVANCE("Layer-wise relevance"),
    PERTURBATION("Perturbation");

    private final String title;

    Family(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
