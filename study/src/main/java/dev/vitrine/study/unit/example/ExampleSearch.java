package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Survey;
import dev.vitrine.study.unit.example.ExampleSearch.Ranked;
import dev.vitrine.study.unit.example.Ranking.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * For every channel the k pictures with the largest and smallest statistic of its map, and the position of the maximum,
 * in one pass over the pictures. Zeiler and Fergus 2013, arXiv:1311.2901, figure 2. Memory: k × channels.
 */
public record ExampleSearch(Model model, PictureList pictures, List<Probe> probes, Settings settings)
        implements Survey<Ranked, Examples> {
    static final int FORMAT = 2;

    public ExampleSearch {
        probes = List.copyOf(probes);
        if (probes.isEmpty()) {
            throw VitrineException.usage("No layers to search for examples; expected at least one.");
        }
    }

    /** Number and ranking of the examples. */
    public record Settings(
            @Setting(label = "K", least = 0, meaning = "number of strongest examples per channel")
            int top,

            @Setting(label = "K", least = 0, meaning = "number of weakest examples per channel")
            int bottom,

            @Setting(
                    label = "KIND",
                    meaning = "statistic of the activation map used for ranking: maximum, mean or absolute-maximum")
            Summary summary) {
        public static final Settings USUAL = new Settings(9, 9, Summary.MAXIMUM);

        public Settings {
            dev.vitrine.lens.setting.Settings.require(Settings.class, top, bottom, summary);
            if (top + bottom == 0) {
                throw new IllegalArgumentException("found 0 strongest and 0 weakest examples; expected at least one");
            }
        }

        String words() {
            return top + ", bottom " + bottom + ", by " + summary.name().toLowerCase(Locale.ROOT);
        }
    }

    /** The channels of some layers, ranked by their maximum. */
    public static ExampleSearch of(Model model, PictureList pictures, List<ChannelLayer> layers, int top, int bottom) {
        return new ExampleSearch(model, pictures, Probe.of(layers), new Settings(top, bottom, Summary.MAXIMUM));
    }

    /** Rankings over some pictures, probe by probe. */
    public record Ranked(List<Both> probes) {}

    /** The strongest and weakest examples of a probe. */
    record Both(Ranking strongest, Ranking weakest) {}

    @Override
    public String id() {
        return "examples";
    }

    @Override
    public Question question() {
        Question question = Question.of(id(), FORMAT).with(model).with(pictures).with("top", settings.words());
        for (Probe probe : probes) {
            question = question.with(
                    "layer",
                    probe.name()
                            + probe.directions()
                                    .map(rows -> " " + Digest.of(rows.bytes()))
                                    .orElse(""));
        }
        return question;
    }

    @Override
    public Class<Ranked> part() {
        return Ranked.class;
    }

    @Override
    public Look<Ranked> open(ModelSession session, int batch) {
        ReducedGraph reduced = ReducedGraph.of(model, probes, settings.summary(), batch);
        return new Looking(reduced, session.runner().load(reduced.graph()));
    }

    private final class Looking implements Look<Ranked> {
        private final ReducedGraph reduced;
        private final Executable executable;

        Looking(ReducedGraph reduced, Executable executable) {
            this.reduced = reduced;
            this.executable = executable;
        }

        @Override
        public Ranked at(Batch batch) {
            Map<Value, Tensor> results = executable.run(Map.of(model.input(), batch.images()));
            batch.refuseNaN(results.values());
            List<Both> ranked = new ArrayList<>();
            for (int probe = 0; probe < probes.size(); probe++) {
                ranked.add(ranked(batch, probes.get(probe), reduced.probes().get(probe), results));
            }
            return new Ranked(ranked);
        }

        private Both ranked(Batch batch, Probe probe, ReducedGraph.Outputs outputs, Map<Value, Tensor> results) {
            float[] rows = results.get(outputs.rows()).toFloats();
            float[] columns = outputs.columns()
                    .map(value -> results.get(value).toFloats())
                    .orElse(rows);
            float[] means =
                    outputs.mean().map(value -> results.get(value).toFloats()).orElse(rows);
            int channels = probe.channels();
            Maxima maxima = new Maxima(
                    rows, columns, probe.layer().height(), probe.layer().width());
            Both both = new Both(
                    Ranking.empty(End.STRONGEST, channels, settings.top()),
                    Ranking.empty(End.WEAKEST, channels, settings.bottom()));
            for (Batch.Item item : batch.items()) {
                for (int channel = 0; channel < channels; channel++) {
                    int map = item.row() * channels + channel;
                    float value = outputs.mean().isPresent() ? means[map] : maxima.value(map);
                    both.strongest().offer(channel, value, item.index(), () -> maxima.place(map));
                    both.weakest().offer(channel, value, item.index(), () -> maxima.place(map));
                }
            }
            return both;
        }

        @Override
        public void close() {
            executable.close();
        }
    }

    @Override
    public Ranked merge(Ranked left, Ranked right) {
        List<Both> merged = new ArrayList<>();
        for (int probe = 0; probe < probes.size(); probe++) {
            Both one = left.probes().get(probe);
            Both other = right.probes().get(probe);
            merged.add(new Both(
                    one.strongest().and(other.strongest()), one.weakest().and(other.weakest())));
        }
        return new Ranked(merged);
    }

    @Override
    public Examples finish(Ranked all, Seen seen) {
        List<Examples.Found> found = new ArrayList<>();
        for (int probe = 0; probe < probes.size(); probe++) {
            Both both = all.probes().get(probe);
            int width = probes.get(probe).layer().width();
            found.add(new Examples.Found(
                    probes.get(probe).name(),
                    both.strongest().examples(pictures, width),
                    both.weakest().examples(pictures, width)));
        }
        return new Examples(seen.pictures(), seen.unreadable(), settings.summary(), found, List.of());
    }

    @Override
    public Outcome<Examples> run(StudyContext context) {
        Outcome<Examples> found = Survey.super.run(context);
        return found.isPartial() ? found : found.map(examples -> completed(examples, context.session(model)));
    }

    /** Merges the results of single pictures. */
    Examples completed(Examples examples, ModelSession session) {
        Examples settled = Settling.of(examples, this, session);
        boolean compared = probes.stream().anyMatch(probe -> probe.directions().isPresent()) && settings.top() > 1;
        return compared ? Likeness.onto(settled, session, pictures) : settled;
    }
}
