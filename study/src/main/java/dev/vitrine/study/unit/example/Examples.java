package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.study.unit.example.Ranking.End;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The strongest and weakest examples of every channel that was looked at; grows while an {@link ExampleSearch} runs. */
public final class Examples {
    private final ExampleSearch.Settings settings;
    private final List<Ranking> strongest = new ArrayList<>();
    private final List<Ranking> weakest = new ArrayList<>();
    private final SortedMap<Integer, String> unreadable = new TreeMap<>();
    private int done;

    Examples(ExampleSearch.Settings settings) {
        this.settings = settings;
        for (Probe probe : settings.probes()) {
            strongest.add(new Ranking(End.STRONGEST, probe.channels(), settings.top()));
            weakest.add(new Ranking(End.WEAKEST, probe.channels(), settings.bottom()));
        }
    }

    public ExampleSearch.Settings settings() {
        return settings;
    }

    /** How many pictures of the source have been looked at, those that could not be read included. */
    public int done() {
        return done;
    }

    /** Pictures that could not be read, with what is wrong with each. */
    public SortedMap<Integer, String> unreadable() {
        return Collections.unmodifiableSortedMap(unreadable);
    }

    /** Of a probe's channel, strongest first. */
    public List<Example> strongest(int probe, int channel) {
        return examples(strongest, probe, channel);
    }

    /** Of a probe's channel, weakest first. */
    public List<Example> weakest(int probe, int channel) {
        return examples(weakest, probe, channel);
    }

    private List<Example> examples(List<Ranking> rankings, int probe, int channel) {
        Probe found = settings.probes().get(probe);
        if (channel < 0 || channel >= found.channels()) {
            throw VitrineException.usage("'" + found.name() + "' has no channel " + channel + "; expected 0 to "
                    + (found.channels() - 1) + ".");
        }
        return rankings.get(probe).examples(channel, found.layer().width());
    }

    Ranking ranking(End end, int probe) {
        return (end == End.STRONGEST ? strongest : weakest).get(probe);
    }

    void advance(int newDone, SortedMap<Integer, String> newUnreadable) {
        done = newDone;
        unreadable.putAll(newUnreadable);
    }
}
