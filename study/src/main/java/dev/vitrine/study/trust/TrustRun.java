package dev.vitrine.study.trust;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.SmoothGradient;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.metric.CompletenessGap;
import dev.vitrine.lens.metric.Curve;
import dev.vitrine.lens.metric.EvidenceShare;
import dev.vitrine.lens.metric.Infidelity;
import dev.vitrine.lens.metric.Measure;
import dev.vitrine.lens.metric.PictureScore;
import dev.vitrine.lens.metric.PixelFlipping;
import dev.vitrine.lens.metric.PixelHeat;
import dev.vitrine.lens.metric.PointingGame;
import dev.vitrine.lens.metric.Sparseness;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.Similarity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/** One run of a {@link TrustStudy}, resumed from stored parts: one per stage of the sanity check and per picture. */
final class TrustRun {
    private static final int FORMAT = 1;

    /** The example's map at a stage, and the similarities of all pictures. */
    record Found(Similarity mean, Tensor heat) {}

    /**
     * Results of all methods at a stage.
     *
     * @param found by the method's index in the list; a method without a result is absent
     * @param missed reasons, by the method's id
     */
    record StagePart(Map<Integer, Found> found, Map<String, String> missed) {}

    /**
     * Measurements on a picture.
     *
     * @param maps of a random map first, then of each method
     */
    record PicturePart(List<TrustReport.Control> maps) {}

    /** A method with its results. */
    private record Tested(
            Attributions.Entry entry,
            Attribution method,
            Explainer explainer,
            Tensor attribution,
            Similarity betweenPictures,
            Map<SanityCheck.Order, List<TrustReport.StageResult>> stages,
            List<TrustReport.Control> measured) {
        SanityCheck.Original original() {
            return new SanityCheck.Original(method, attribution);
        }

        /** Whether its values should sum to the score; those of gradients do not. */
        boolean adds() {
            return !method.equals(new Gradient(Gradient.Kind.PLAIN))
                    && !(method instanceof SmoothGradient)
                    && method.form() == Attribution.Form.PIXELS
                    && method.reduction() == Attribution.Reduction.SUM
                    && method.sign() == Attribution.Sign.SIGNED;
        }
    }

    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    private final TrustStudy study;
    private final Model model;
    private final TrustPlan plan;
    private final PixelFlipping deletion;
    private final PixelFlipping insertion;
    private final ModelSession session;
    private final StudyContext context;
    private final Watcher watcher;
    private final List<Tested> tested = new ArrayList<>();
    private final List<TrustReport.Control> chance = new ArrayList<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private Optional<PartStore> parts = Optional.empty();
    private double work;

    TrustRun(TrustStudy study, StudyContext context) {
        this.study = study;
        this.model = study.model();
        this.plan = study.plan();
        this.deletion = plan.flipping(PixelFlipping.Direction.DELETION, model.preprocessing());
        this.insertion = plan.flipping(PixelFlipping.Direction.INSERTION, model.preprocessing());
        this.session = context.session(model);
        this.context = context;
        this.watcher = context.watcher();
    }

    Outcome<TrustResult> outcome() {
        List<Attribution> methods = methods();
        Sample sample = Sample.evenly(study, session, watcher);
        int pictures = sample.subjects().size();
        requireRoom(methods, pictures);
        parts = context.parts().of(question(methods, sample));
        List<SanityCheck.Stage> cascading = plan.check().stages(model, SanityCheck.Order.CASCADING);
        List<SanityCheck.Stage> independent = plan.check().stages(model, SanityCheck.Order.INDEPENDENT);
        double explaining = methods.stream()
                .mapToDouble(method -> method.evaluations(model))
                .sum();
        double checking = explaining * (pictures + 1);
        double measuring = explaining * plan.sensitivity().samples()
                + 2.0 * (deletion.steps(model.preprocessing()) + 1) * (methods.size() + 1)
                + plan.infidelity().samples();
        work = pictures * explaining + begun(cascading, independent, pictures, checking, measuring);
        String doing = "the maps themselves";
        try {
            for (Attribution method : methods) {
                explain(method, sample);
            }
            doing = "the cascade of random layers";
            check(cascading, sample, checking);
            doing = "deletion, insertion and the other measures";
            for (int index = 0; index < pictures; index++) {
                measure(sample.subjects().get(index), index, measuring);
            }
            doing = "the layers taken one place at a time";
            check(independent, sample, checking);
            return new Outcome<>(result(sample), sample.unreadable(), Optional.empty());
        } catch (CancellationException stopped) {
            watcher.stopping();
            if (tested.isEmpty()) {
                throw stopped;
            }
            return new Outcome<>(result(sample), sample.unreadable(), Optional.of("a part of " + doing));
        } finally {
            watcher.end();
        }
    }

    /** The amount of work in network evaluations; reports what an earlier run has finished. */
    private double begun(
            List<SanityCheck.Stage> cascading,
            List<SanityCheck.Stage> independent,
            int pictures,
            double checking,
            double measuring) {
        long all = cascading.size() + independent.size();
        long stages = undone(cascading) + undone(independent);
        long unmeasured = IntStream.range(0, pictures)
                .filter(index -> kept(picture(index), PicturePart.class).isEmpty())
                .count();
        if (stages < all || unmeasured < pictures) {
            watcher.note("resuming an earlier run: " + (all - stages) + " of " + all + " stages and "
                    + (pictures - unmeasured) + " of " + pictures + " pictures are done.");
        }
        return stages * checking + unmeasured * measuring;
    }

    private long undone(List<SanityCheck.Stage> stages) {
        return IntStream.range(0, stages.size())
                .filter(place ->
                        kept(stage(stages.get(place), place), StagePart.class).isEmpty())
                .count();
    }

    private static String stage(SanityCheck.Stage stage, int place) {
        return stage.order().name().toLowerCase(Locale.ROOT) + "-" + place;
    }

    private static String picture(int place) {
        return "picture-" + place;
    }

    private <T> Optional<T> kept(String name, Class<T> type) {
        return parts.flatMap(store -> StudyJson.kept(store, name, type));
    }

    private Question question(List<Attribution> methods, Sample sample) {
        List<Integer> taken =
                sample.subjects().stream().map(Sample.Subject::index).toList();
        Question question = Question.of(study.id(), FORMAT)
                .with(model)
                .with("plan", plan)
                .with("methods", methods)
                .with(study.pictures().only(taken));
        for (Sample.Subject subject : sample.subjects()) {
            question = question.with(
                    "picture", subject.name() + ", class " + subject.target() + ", boxes " + subject.boxes());
        }
        return question;
    }

    private List<Attribution> methods() {
        List<Attribution> methods = new ArrayList<>();
        for (Attributions.Entry entry : study.methods().entries()) {
            try {
                Attribution method = study.methods().method(entry);
                method.shape(model);
                methods.add(method);
            } catch (VitrineException e) {
                refuse(entry.id(), e);
            }
        }
        return methods;
    }

    private void refuse(String id, VitrineException reason) {
        if (!study.methods().isLenient()) {
            throw reason;
        }
        leftOut.put(id, reason.getMessage());
        watcher.note("left out: " + id + ": " + reason.getMessage());
    }

    /** Keeps all maps for comparison with those of randomized networks. */
    private void requireRoom(List<Attribution> methods, int pictures) {
        long bytes = methods.stream()
                        .mapToLong(method -> 4 * Tensor.elements(method.shape(model)))
                        .sum()
                * pictures;
        long room = Runtime.getRuntime().maxMemory() / 2;
        if (bytes > room) {
            throw VitrineException.usage(pictures + " pictures explained by " + methods.size() + " methods need "
                    + (bytes >> 20) + " MB; expected at most " + (room >> 20)
                    + " MB. Use fewer pictures or methods, or increase the memory:"
                    + " VITRINE_JAVA_OPTIONS='-Xmx2g -XX:MaxDirectMemorySize=2g' vitrine ...");
        }
    }

    private void explain(Attribution method, Sample sample) {
        watcher.check();
        watcher.begin(
                method.id(),
                (double) method.evaluations(model) * sample.subjects().size() / work);
        try {
            Explainer explainer = session.explainer(method, LOGIT);
            Tensor attribution = explainer
                    .explain(sample.images(), sample.targets(), watcher)
                    .attribution();
            Map<SanityCheck.Order, List<TrustReport.StageResult>> stages = new EnumMap<>(SanityCheck.Order.class);
            for (SanityCheck.Order order : SanityCheck.Order.values()) {
                stages.put(order, new ArrayList<>());
            }
            tested.add(new Tested(
                    Attributions.find(method.id()),
                    method,
                    explainer,
                    attribution,
                    SanityCheck.betweenPictures(model, new SanityCheck.Original(method, attribution)),
                    stages,
                    new ArrayList<>()));
        } catch (VitrineException e) {
            watcher.check();
            watcher.end();
            refuse(method.id(), e);
        }
    }

    private void check(List<SanityCheck.Stage> stages, Sample sample, double weight) {
        for (int place = 0; place < stages.size(); place++) {
            SanityCheck.Stage stage = stages.get(place);
            String name = stage(stage, place);
            Optional<StagePart> known = kept(name, StagePart.class);
            StagePart part;
            if (known.isPresent()) {
                part = known.get();
            } else {
                watcher.check();
                watcher.begin("random layers down to " + stage.label(), weight / work);
                part = check(stage, sample);
                StagePart done = part;
                parts.ifPresent(store -> StudyJson.keep(store, name, done));
            }
            // A stage counts for all methods or for none.
            part.found()
                    .forEach((method, found) -> tested.get(method)
                            .stages()
                            .get(stage.order())
                            .add(new TrustReport.StageResult(stage, found.mean(), found.heat())));
            leftOut.putAll(part.missed());
        }
    }

    private StagePart check(SanityCheck.Stage stage, Sample sample) {
        Map<Integer, Found> found = new LinkedHashMap<>();
        Map<String, String> missed = new LinkedHashMap<>();
        SanityCheck.Listener listener = new SanityCheck.Listener() {
            @Override
            public void hear(SanityCheck.Stage at, int method, List<Similarity> similarities, Tensor heat) {
                found.put(method, new Found(Similarity.mean(similarities), heat));
            }

            @Override
            public void missed(SanityCheck.Stage at, int method, VitrineException reason) {
                watcher.check();
                missed.put(tested.get(method).method().id() + " with random layers", reason.getMessage());
            }
        };
        List<SanityCheck.Original> originals =
                tested.stream().map(Tested::original).toList();
        plan.check()
                .run(
                        model,
                        session.runner(),
                        stage,
                        originals,
                        LOGIT,
                        sample.images(),
                        sample.targets(),
                        listener,
                        watcher);
        return new StagePart(found, missed);
    }

    private void measure(Sample.Subject subject, int index, double weight) {
        Optional<PicturePart> known = kept(picture(index), PicturePart.class);
        List<TrustReport.Control> maps;
        if (known.isPresent()) {
            maps = known.get().maps();
        } else {
            watcher.begin("measures on " + subject.name(), weight / work);
            maps = measured(subject, index);
            PicturePart done = new PicturePart(maps);
            parts.ifPresent(store -> StudyJson.keep(store, picture(index), done));
        }
        // A picture counts for all methods or for none, so that their means are comparable.
        chance.add(maps.get(0));
        for (int place = 0; place < tested.size(); place++) {
            tested.get(place).measured().add(maps.get(place + 1));
        }
    }

    /** Measurements of a random map, then of each method's. */
    private List<TrustReport.Control> measured(Sample.Subject subject, int index) {
        Preprocessing preprocessing = model.preprocessing();
        Tensor input = subject.input();
        PictureScore probability = PictureScore.shown(session, subject.target());
        PictureScore logit = PictureScore.logit(session, subject.target());
        Infidelity.Changes changes = plan.infidelity().changes(logit, preprocessing, input);
        double here = logit.of(input)[0];
        double there =
                logit.of(preprocessing.apply(Picture.filled(preprocessing.width(), preprocessing.height(), 0)))[0];
        List<TrustReport.Control> all = new ArrayList<>();
        for (int place = -1; place < tested.size(); place++) {
            watcher.check();
            Map<Measure, Double> found = new EnumMap<>(Measure.class);
            Tensor heat;
            if (place < 0) {
                heat = noise(preprocessing, plan.seed() + index);
            } else {
                Tested one = tested.get(place);
                Tensor attribution = one.attribution().rows(index, index + 1);
                heat = PixelHeat.of(one.method(), attribution, model);
                Tensor target = ModelSession.targets(subject.target());
                found.put(
                        Measure.MAX_SENSITIVITY,
                        plan.sensitivity().of(one.explainer(), preprocessing, input, target, attribution));
                if (one.adds()) {
                    found.put(Measure.COMPLETENESS_GAP, CompletenessGap.of(attribution, here, there));
                }
            }
            Curve deleted = deletion.curve(probability, preprocessing, input, heat);
            Curve inserted = insertion.curve(probability, preprocessing, input, heat);
            found.put(Measure.DELETION, deleted.area());
            found.put(Measure.INSERTION, inserted.area());
            found.put(Measure.INFIDELITY, changes.infidelity(heat));
            found.put(Measure.SPARSENESS, Sparseness.of(heat.toFloats()));
            if (!subject.boxes().isEmpty()) {
                PointingGame.Outcome outcome = new PointingGame().play(heat, subject.boxes());
                found.put(Measure.POINTING, outcome == PointingGame.Outcome.HIT ? 1.0 : 0);
                found.put(
                        Measure.INSIDE, EvidenceShare.of(heat, subject.boxes()).evidence());
            }
            all.add(new TrustReport.Control(Optional.of(deleted), Optional.of(inserted), found));
            watcher.report(place + 2, tested.size() + 1);
        }
        return all;
    }

    private static Tensor noise(Preprocessing preprocessing, long seed) {
        Random random = new Random(seed);
        float[] values = new float[preprocessing.width() * preprocessing.height()];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat();
        }
        return Tensor.floats(values, preprocessing.height(), preprocessing.width());
    }

    /** The results so far. */
    private TrustResult result(Sample sample) {
        Sample.Subject first = sample.subjects().get(0);
        List<TrustReport.Method> methods = new ArrayList<>();
        for (Tested one : tested) {
            boolean signed = one.method().reduction() == Attribution.Reduction.SUM
                    && one.method().sign() == Attribution.Sign.SIGNED;
            methods.add(new TrustReport.Method(
                    one.method().id(),
                    one.entry().title(),
                    one.method().optionsOn(model),
                    signed ? Polarity.SIGNED : Polarity.UNSIGNED,
                    PixelHeat.of(one.method(), one.attribution().rows(0, 1), model),
                    one.betweenPictures(),
                    one.stages().get(SanityCheck.Order.CASCADING),
                    one.stages().get(SanityCheck.Order.INDEPENDENT),
                    TrustReport.Control.mean(one.measured())));
        }
        return new TrustResult(
                model.anatomy().learned().size(),
                sample.subjects().stream().map(Sample.Subject::name).toList(),
                new TrustReport.Example(
                        first.index(), first.name(), model.labels().display(first.target())),
                plan.criterion(),
                methods,
                TrustReport.Control.mean(chance),
                leftOut);
    }
}
