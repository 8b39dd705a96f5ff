package dev.vitrine.study.robustness;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.corruption.digital.Jpeg;
import dev.vitrine.lens.data.Picture;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to each picture.
 *
 * @param corruptions ids
 * @param severities ascending, of 1 to 5
 * @param seed of what is drawn at random
 */
public record RobustnessPlan(List<String> corruptions, List<Integer> severities, Encoding encoding, long seed) {
    /** What becomes of a corrupted picture before the network sees it. */
    public enum Encoding {
        /** Nothing. */
        NONE("none"),
        /** JPEG of quality 85, as which ImageNet-C is stored. */
        PUBLISHED("JPEG, quality 85");

        private final String words;

        Encoding(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private static final Jpeg STORED = new Jpeg(85);

    public RobustnessPlan {
        corruptions = List.copyOf(corruptions);
        severities = List.copyOf(severities);
        corruptions.forEach(Corruptions::find);
        if (corruptions.isEmpty() || severities.isEmpty()) {
            throw VitrineException.usage("Found " + corruptions.size() + " corruptions and " + severities.size()
                    + " severities; expected at least one of each.");
        }
        for (int index = 0; index < severities.size(); index++) {
            int severity = severities.get(index);
            if (severity < 1 || severity > Corruption.SEVERITIES) {
                throw VitrineException.usage(
                        "Found severity " + severity + "; expected 1 to " + Corruption.SEVERITIES + ".");
            }
            if (index > 0 && severity <= severities.get(index - 1)) {
                throw VitrineException.usage(
                        "Found the severities " + severities + "; expected them in ascending order, each once.");
            }
        }
    }

    /** Number of pictures made of one: itself, and each corruption at each severity. */
    public int versions() {
        return 1 + corruptions.size() * severities.size();
    }

    /** Version 0 is the picture itself; then all severities of the first corruption, of the second and so on. */
    public Picture version(Picture view, int version) {
        if (version == 0) {
            return view;
        }
        return corrupted(
                view,
                corruptions.get((version - 1) / severities.size()),
                severities.get((version - 1) % severities.size()));
    }

    /** Such as {@code fog 3}, or {@code clean}. */
    public String name(int version) {
        return version == 0
                ? "clean"
                : corruptions.get((version - 1) / severities.size()) + " "
                        + severities.get((version - 1) % severities.size());
    }

    private Picture corrupted(Picture view, String corruption, int severity) {
        Picture corrupted = Corruptions.find(corruption).apply(view, severity, seed);
        return switch (encoding) {
            case NONE -> corrupted;
            case PUBLISHED -> STORED.apply(corrupted, new SplittableRandom());
        };
    }
}
