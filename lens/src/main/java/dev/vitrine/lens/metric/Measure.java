package dev.vitrine.lens.metric;

/** A metric of a method, with the information needed to interpret it. */
public enum Measure {
    DELETION("deletion", "Deletion area", Better.LOWER, "The score's mean while the most relevant pixels go first."),
    INSERTION("insertion", "Insertion area", Better.HIGHER, "The score's mean while they come back first."),
    INFIDELITY("infidelity", "Infidelity", Better.LOWER, "How badly the map foretells what covering squares does."),
    MAX_SENSITIVITY(
            "maxSensitivity",
            "Max-sensitivity",
            Better.LOWER,
            "How much noise that nobody sees changes the map, over its own size."),
    POINTING("pointingGame", "Pointing game", Better.HIGHER, "How often the map's maximum lies in a box."),
    INSIDE("evidenceInside", "Evidence inside", Better.HIGHER, "The share of positive evidence within the boxes."),
    COMPLETENESS_GAP(
            "completenessGap",
            "Completeness gap",
            Better.LOWER,
            "How far the numbers are from adding up to the score's change from black."),
    SPARSENESS(
            "sparseness",
            "Sparseness",
            Better.NEITHER,
            "Gini index: 0 all places count alike, 1 one place counts alone. A matter of taste.");

    /** Whether higher or lower is better. */
    public enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }

    private final String key;
    private final String title;
    private final Better better;
    private final String meaning;

    Measure(String key, String title, Better better, String meaning) {
        this.key = key;
        this.title = title;
        this.better = better;
        this.meaning = meaning;
    }

    /** Its machine-readable name. */
    public String key() {
        return key;
    }

    public String title() {
        return title;
    }

    public Better better() {
        return better;
    }

    /** A one-sentence description. */
    public String meaning() {
        return meaning;
    }
}
