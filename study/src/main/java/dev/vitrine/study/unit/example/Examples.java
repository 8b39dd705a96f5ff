package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.unit.example.Ranking.End;
import java.util.List;

/**
 * The strongest and weakest examples of each channel.
 *
 * @param pictures number processed
 * @param unreadable number of pictures that could not be read
 * @param summary statistic of the map used for ranking
 * @param probes in the requested order
 * @param likeness of each probe as defined by {@link Likeness}; empty if there are no directions to compare with
 */
public record Examples(int pictures, int unreadable, Summary summary, List<Found> probes, List<Double> likeness) {
    public Examples {
        probes = List.copyOf(probes);
        likeness = List.copyOf(likeness);
    }

    /**
     * Examples of a probe.
     *
     * @param strongest of each channel, strongest first
     * @param weakest of each channel, weakest first
     */
    public record Found(String name, List<List<Example>> strongest, List<List<Example>> weakest) {
        public Found {
            strongest = strongest.stream().map(List::copyOf).toList();
            weakest = weakest.stream().map(List::copyOf).toList();
        }

        List<List<Example>> at(End end) {
            return switch (end) {
                case STRONGEST -> strongest;
                case WEAKEST -> weakest;
            };
        }
    }

    /** Number of pictures processed, including unreadable ones. */
    public int done() {
        return pictures + unreadable;
    }

    /** Strongest examples of a probe's channel, strongest first. */
    public List<Example> strongest(int probe, int channel) {
        return examples(probe, channel, End.STRONGEST);
    }

    /** Weakest examples of a probe's channel, weakest first. */
    public List<Example> weakest(int probe, int channel) {
        return examples(probe, channel, End.WEAKEST);
    }

    private List<Example> examples(int probe, int channel, End end) {
        Found found = probes.get(probe);
        if (channel < 0 || channel >= found.strongest().size()) {
            throw VitrineException.usage("'" + found.name() + "' has no channel " + channel + "; expected 0 to "
                    + (found.strongest().size() - 1) + ".");
        }
        return found.at(end).get(channel);
    }
}
