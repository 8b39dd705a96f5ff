package dev.vitrine.study.probe;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Parts;
import dev.vitrine.study.Pieces;
import dev.vitrine.study.PooledLayers;
import dev.vitrine.study.PooledLayers.Features;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * How well the features of each layer separate a new set of classes: a linear classifier and k nearest neighbors per
 * layer, on features computed once. Alain and Bengio 2016, arXiv:1610.01644; as in Zeiler and Fergus 2014,
 * tables 4 to 7.
 *
 * @param layers names of layers or {@code all}; if empty, the picture, the end of each stage, and the class scores
 * @param folder where features are stored
 */
public record ProbeStudy(Model model, LabeledPictures pictures, ProbePlan plan, List<String> layers, Path folder)
        implements Study<ProbeAnswer> {
    private static final int FORMAT = 1;

    public ProbeStudy {
        layers = List.copyOf(layers);
        if (pictures.classes().size() < 2) {
            throw VitrineException.usage(pictures.path() + ": found one class, '"
                    + pictures.classes().get(0) + "'; expected at least two folders of pictures, one per class.");
        }
    }

    @Override
    public String id() {
        return "probe";
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures.list())
                .with("classes", pictures.classes())
                .with("plan", plan)
                .with("layers", layers);
    }

    private List<Value> chosen() {
        if (layers.isEmpty()) {
            return PooledLayers.stages(model);
        }
        if (layers.equals(List.of("all"))) {
            return PooledLayers.all(model);
        }
        Anatomy found = model.anatomy();
        return layers.stream()
                .map(name -> name.equals(model.input().name()) ? model.input() : found.find(name))
                .distinct()
                .toList();
    }

    @Override
    public Outcome<ProbeAnswer> run(StudyContext context) {
        PooledLayers pooled = PooledLayers.of(model, chosen(), plan.grids());
        String key = model.sha256() + " " + model.preprocessing() + " " + pictures.fingerprint();
        try (FeatureStore store = new FeatureStore(folder, key, pictures.size(), pooled.features())) {
            store.unreadable().values().forEach(context.watcher()::leftOut);
            extract(context, pooled, store);
            return measured(context, pooled.features(), store);
        }
    }

    private void extract(StudyContext context, PooledLayers pooled, FeatureStore store) {
        List<Features> all = pooled.features();
        int start = all.stream().mapToInt(store::done).min().orElse(0);
        if (start == pictures.size()) {
            context.watcher().note("the features of all " + start + " pictures are already in " + folder + ".");
            return;
        }
        if (start > 0) {
            context.watcher()
                    .note("the features of " + start + " of " + pictures.size() + " pictures are in " + folder
                            + "; resuming.");
        }
        List<Integer> missing = IntStream.range(0, all.size())
                .filter(index -> store.done(all.get(index)) < pictures.size())
                .boxed()
                .toList();
        String work = "features of " + pictures.size() + " pictures, "
                + all.stream().mapToInt(Features::size).sum() + " values each";
        StudyContext own = new StudyContext(
                context.sessions(),
                context.watcher().piece(work, 0.5),
                Parts.none(),
                context.cadence(),
                context.largestBatch());
        try {
            if (new FeatureSurvey(model, pictures, pooled, store, missing, start)
                    .run(own)
                    .isPartial()) {
                throw new CancellationException("stopped");
            }
        } catch (VitrineException unreadable) {
            // Pictures before the start were readable if any of their features were stored.
            if (start == 0 || all.stream().anyMatch(features -> store.done(features) < pictures.size())) {
                throw unreadable;
            }
        }
    }

    private Outcome<ProbeAnswer> measured(StudyContext context, List<Features> layersOfAll, FeatureStore store) {
        Watcher watcher = context.watcher();
        Split split = Split.of(pictures, plan, store.unreadable().keySet());
        Pieces<LayerResult> pieces = context.parts().pieces(question(), LayerResult.class);
        List<LayerResult> results = new ArrayList<>();
        int count = layersOfAll.size();
        Optional<String> missing = Optional.empty();
        watcher.begin("fitting to " + count + (count == 1 ? " layer" : " layers"), 0.5);
        try {
            for (int index = 0; index < count; index++) {
                watcher.check();
                Features features = layersOfAll.get(index);
                int steps = LayerFit.steps(plan);
                int before = index * steps;
                Progress within = (done, total) -> {
                    watcher.check();
                    watcher.report(before + done, (long) count * steps);
                };
                results.add(pieces.done(
                        "layer-" + index,
                        () -> new LayerFit(
                                        context.session(model).runner(),
                                        pictures,
                                        plan,
                                        split,
                                        features,
                                        store.read(features),
                                        within)
                                .run()));
            }
        } catch (CancellationException stopped) {
            if (results.isEmpty()) {
                throw stopped;
            }
            missing = Optional.of(results.size() + " of " + count + " layers");
        } finally {
            watcher.end();
        }
        ProbeAnswer answer = new ProbeAnswer(
                pictures.classes(),
                split.train(Integer.MAX_VALUE).size(),
                split.test().size(),
                results);
        return new Outcome<>(answer, List.copyOf(store.unreadable().values()), missing);
    }
}
