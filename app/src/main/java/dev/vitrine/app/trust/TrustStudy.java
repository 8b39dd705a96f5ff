package dev.vitrine.app.trust;

import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
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
import dev.vitrine.lens.metric.MaxSensitivity;
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
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.sanity.SanityCheck;
import dev.vitrine.study.sanity.SanityCriterion;
import dev.vitrine.study.sanity.Similarity;
import dev.vitrine.study.trust.TrustNotes;
import dev.vitrine.study.trust.TrustReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** Everything that {@code vitrine trust} does with the network; what is done so far can be had at any time. */
final class TrustStudy {
    /**
     * @param seed of what is drawn besides
     */
    record Plan(
            SanityCheck check, SanityCriterion criterion, PixelFlipping deletion, PixelFlipping insertion, long seed) {
        Infidelity infidelity() {
            return new Infidelity(seed);
        }

        MaxSensitivity sensitivity() {
            return new MaxSensitivity(seed);
        }
    }

    /** A method with what it came to. */
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

        /** Whether its numbers are meant to add up to the score; slopes are not. */
        boolean adds() {
            return !method.equals(new Gradient(Gradient.Kind.PLAIN))
                    && !(method instanceof SmoothGradient)
                    && method.form() == Attribution.Form.PIXELS
                    && method.reduction() == Attribution.Reduction.SUM
                    && method.sign() == Attribution.Sign.SIGNED;
        }
    }

    private static final Objective LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    private final OpenModel open;
    private final Model model;
    private final Plan plan;
    private final Terminal terminal;
    private final Stop stop;
    private final List<Tested> tested = new ArrayList<>();
    private final List<TrustReport.Control> chance = new ArrayList<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private String doing = "the maps themselves";
    private boolean done;

    TrustStudy(OpenModel open, Plan plan, Terminal terminal, Stop stop) {
        this.open = open;
        this.model = open.model();
        this.plan = plan;
        this.terminal = terminal;
        this.stop = stop;
    }

    /**
     * Goes on where notes end.
     *
     * @param lenient leaves out what the model does not allow
     * @param unfinished folder of notes
     * @return the notes, to be removed once the report is written
     */
    TrustNotes run(
            List<Attributions.Entry> wanted, boolean lenient, MethodOptions options, Sample sample, Path unfinished) {
        List<SanityCheck.Stage> cascading = plan.check().stages(model, SanityCheck.Order.CASCADING);
        List<SanityCheck.Stage> independent = plan.check().stages(model, SanityCheck.Order.INDEPENDENT);
        List<Attribution> methods = methods(wanted, lenient, options);
        requireRoom(methods, sample);
        TrustNotes notes = TrustNotes.of(unfinished, question(methods, sample));
        int pictures = sample.subjects().size();
        double explaining = methods.stream()
                .mapToDouble(method -> method.evaluations(model))
                .sum();
        double checking = explaining * (pictures + 1);
        double curves = 2.0 * (plan.deletion().steps(model.preprocessing()) + 1) * (methods.size() + 1);
        double measuring = explaining * plan.sensitivity().samples()
                + curves
                + plan.infidelity().samples();
        long stages = undone(cascading, notes) + undone(independent, notes);
        long unmeasured = IntStream.range(0, pictures)
                .filter(index -> notes.picture(index).isEmpty())
                .count();
        if (stages < cascading.size() + independent.size() || unmeasured < pictures) {
            terminal.err()
                    .println("note: goes on where an earlier run stopped: "
                            + (cascading.size() + independent.size() - stages) + " of "
                            + (cascading.size() + independent.size()) + " stages and " + (pictures - unmeasured)
                            + " of " + pictures + " pictures are done.");
        }
        ProgressLine progress =
                new ProgressLine(terminal, pictures * explaining + stages * checking + unmeasured * measuring);
        try {
            for (Attribution method : methods) {
                stop.check();
                progress.begin(method.id(), (double) method.evaluations(model) * pictures);
                explain(method, lenient, sample, progress);
            }
            options.noteUnused(tested.stream().map(Tested::method).toList(), model, terminal);
            doing = "the cascade of random layers";
            check(cascading, sample, notes, progress, checking);
            doing = "deletion, insertion and the other measures";
            for (int index = 0; index < pictures; index++) {
                measure(sample.subjects().get(index), index, notes, progress, measuring);
            }
            doing = "the layers taken one place at a time";
            check(independent, sample, notes, progress, checking);
            done = true;
            return notes;
        } finally {
            progress.end();
        }
    }

    private static long undone(List<SanityCheck.Stage> stages, TrustNotes notes) {
        return IntStream.range(0, stages.size())
                .filter(place -> notes.stage(stages.get(place), place).isEmpty())
                .count();
    }

    /** All that the results depend on. */
    private List<String> question(List<Attribution> methods, Sample sample) {
        List<String> lines = new ArrayList<>();
        lines.add("model " + model.name() + " " + model.sha256());
        lines.add("preprocessing " + model.preprocessing());
        lines.add("stages " + plan.check());
        lines.add("curves " + plan.deletion() + " " + plan.insertion());
        lines.add("changes " + plan.infidelity() + " " + plan.sensitivity());
        methods.forEach(method -> lines.add("method " + method.id() + " " + method.optionsOn(model)));
        for (Sample.Subject subject : sample.subjects()) {
            CRC32C content = new CRC32C();
            content.update(subject.input().bytes());
            lines.add("picture " + subject.name() + " " + Long.toHexString(content.getValue()) + ", class "
                    + subject.target() + ", boxes " + subject.boxes());
        }
        return lines;
    }

    private List<Attribution> methods(List<Attributions.Entry> wanted, boolean lenient, MethodOptions options) {
        List<Attribution> methods = new ArrayList<>();
        for (Attributions.Entry entry : wanted) {
            try {
                Attribution method = options.often(entry, model);
                method.shape(model);
                methods.add(method);
            } catch (VitrineException e) {
                refuse(entry.id(), e, lenient);
            }
        }
        return methods;
    }

    private void refuse(String id, VitrineException reason, boolean lenient) {
        if (!lenient || stop.status() != 0) {
            throw reason;
        }
        leftOut.put(id, reason.getMessage());
        terminal.err().println("left out: " + id + ": " + reason.getMessage());
    }

    /** All answers are kept, to be compared with those of random networks. */
    private void requireRoom(List<Attribution> methods, Sample sample) {
        long pictures = sample.subjects().size();
        long bytes = methods.stream()
                        .mapToLong(method -> 4 * Tensor.elements(method.shape(model)))
                        .sum()
                * pictures;
        long room = Runtime.getRuntime().maxMemory() / 2;
        if (bytes > room) {
            throw VitrineException.usage(pictures + " pictures explained by " + methods.size() + " methods need "
                    + (bytes >> 20) + " MB; expected at most " + (room >> 20) + " MB. Take fewer with --pictures or"
                    + " --method, or allow more: VITRINE_JAVA_OPTIONS='-Xmx2g -XX:MaxDirectMemorySize=2g' vitrine ...");
        }
    }

    private void explain(Attribution method, boolean lenient, Sample sample, ProgressLine progress) {
        try {
            Explainer explainer = open.session().explainer(method, LOGIT);
            Tensor attribution = explainer
                    .explain(sample.images(), sample.targets(), progress)
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
            progress.end();
            refuse(method.id(), e, lenient);
        }
    }

    private void check(
            List<SanityCheck.Stage> stages, Sample sample, TrustNotes notes, ProgressLine progress, double weight) {
        for (int place = 0; place < stages.size(); place++) {
            SanityCheck.Stage stage = stages.get(place);
            Optional<TrustNotes.Noted> known = notes.stage(stage, place);
            TrustNotes.Noted noted;
            if (known.isPresent()) {
                noted = known.get();
            } else {
                stop.check();
                progress.begin("random layers down to " + stage.label(), weight);
                noted = check(stage, sample, progress);
                notes.note(stage, place, noted);
            }
            // A stage counts for all methods or for none.
            noted.results()
                    .forEach((method, result) ->
                            tested.get(method).stages().get(stage.order()).add(result));
            leftOut.putAll(noted.missed());
        }
    }

    private TrustNotes.Noted check(SanityCheck.Stage stage, Sample sample, ProgressLine progress) {
        Map<Integer, TrustReport.StageResult> results = new LinkedHashMap<>();
        Map<String, String> missed = new LinkedHashMap<>();
        SanityCheck.Listener listener = new SanityCheck.Listener() {
            @Override
            public void hear(SanityCheck.Stage at, int method, List<Similarity> similarities, Tensor heat) {
                results.put(method, new TrustReport.StageResult(at, Similarity.mean(similarities), heat));
            }

            @Override
            public void missed(SanityCheck.Stage at, int method, VitrineException reason) {
                stop.check();
                missed.put(tested.get(method).method().id() + " with random layers", reason.getMessage());
            }
        };
        List<SanityCheck.Original> originals =
                tested.stream().map(Tested::original).toList();
        plan.check()
                .run(
                        model,
                        open.runner(),
                        stage,
                        originals,
                        LOGIT,
                        sample.images(),
                        sample.targets(),
                        listener,
                        progress);
        return new TrustNotes.Noted(results, missed);
    }

    private void measure(Sample.Subject subject, int index, TrustNotes notes, ProgressLine progress, double weight) {
        Optional<List<TrustReport.Control>> known = notes.picture(index);
        List<TrustReport.Control> measured;
        if (known.isPresent()) {
            measured = known.get();
        } else {
            progress.begin("measures on " + subject.name(), weight);
            measured = measured(subject, index, progress);
            notes.note(index, measured);
        }
        // A picture counts for all methods or for none, so that their means can be compared.
        chance.add(measured.get(0));
        for (int place = 0; place < tested.size(); place++) {
            tested.get(place).measured().add(measured.get(place + 1));
        }
    }

    /** Of a random map, then of each method's. */
    private List<TrustReport.Control> measured(Sample.Subject subject, int index, ProgressLine progress) {
        Preprocessing preprocessing = model.preprocessing();
        ModelSession session = open.session();
        Tensor input = subject.input();
        PictureScore probability = PictureScore.shown(session, subject.target());
        PictureScore logit = PictureScore.logit(session, subject.target());
        Infidelity.Changes changes = plan.infidelity().changes(logit, preprocessing, input);
        double here = logit.of(input)[0];
        double there =
                logit.of(preprocessing.apply(Picture.filled(preprocessing.width(), preprocessing.height(), 0)))[0];
        List<TrustReport.Control> all = new ArrayList<>();
        for (int place = -1; place < tested.size(); place++) {
            stop.check();
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
            Curve deletion = plan.deletion().curve(probability, preprocessing, input, heat);
            Curve insertion = plan.insertion().curve(probability, preprocessing, input, heat);
            found.put(Measure.DELETION, deletion.area());
            found.put(Measure.INSERTION, insertion.area());
            found.put(Measure.INFIDELITY, changes.infidelity(heat));
            found.put(Measure.SPARSENESS, Sparseness.of(heat.toFloats()));
            if (!subject.boxes().isEmpty()) {
                PointingGame.Outcome outcome = new PointingGame().play(heat, subject.boxes());
                found.put(Measure.POINTING, outcome == PointingGame.Outcome.HIT ? 1.0 : 0);
                found.put(
                        Measure.INSIDE, EvidenceShare.of(heat, subject.boxes()).evidence());
            }
            all.add(new TrustReport.Control(Optional.of(deletion), Optional.of(insertion), found));
            progress.report(place + 2, tested.size() + 1);
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

    /** What is done so far; nothing before the first method has explained the pictures. */
    Optional<TrustReport> report(Sample sample) {
        if (tested.isEmpty()) {
            return Optional.empty();
        }
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
        Optional<String> missing = done
                ? Optional.empty()
                : Optional.of("The work was stopped during: " + doing
                        + ". What follows holds for what was done. The same command goes on from there.");
        return Optional.of(new TrustReport(
                model.name(),
                model.anatomy().learned().size(),
                sample.subjects().stream().map(Sample.Subject::name).toList(),
                new TrustReport.Example(first.name(), model.labels().display(first.target()), Images.of(first.view())),
                plan.criterion(),
                methods,
                TrustReport.Control.mean(chance),
                missing,
                facts(sample)));
    }

    private Map<String, String> facts(Sample sample) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("pictures", String.join(", ", names(sample)));
        facts.put(
                "explained",
                model.head().scoreName() + " of the class; deletion and insertion: its "
                        + model.head().unit());
        facts.put(
                "random weights",
                "normal, with each weight's own mean and deviation; seed "
                        + plan.check().seed());
        facts.put(
                "deletion, insertion",
                plan.deletion().pixelsPerStep() + " pixels a step, to black, from a blur of σ 5");
        facts.put(
                "infidelity",
                plan.infidelity().samples() + " black squares, sides "
                        + plan.infidelity().smallest() + " to "
                        + plan.infidelity().largest() + " of the picture's");
        facts.put(
                "max-sensitivity",
                plan.sensitivity().samples() + " noisy copies within "
                        + plan.sensitivity().radius() + " of the input's range");
        for (Tested one : tested) {
            Map<String, String> options = one.method().optionsOn(model);
            if (!options.isEmpty()) {
                facts.put(
                        one.method().id(),
                        options.entrySet().stream()
                                .map(option -> option.getKey() + "=" + option.getValue())
                                .collect(Collectors.joining(", ")));
            }
        }
        facts.putAll(ModelFacts.of(model, leftOut));
        return facts;
    }

    private static List<String> names(Sample sample) {
        List<String> names = new ArrayList<>(
                sample.subjects().stream().limit(40).map(Sample.Subject::name).toList());
        if (sample.subjects().size() > names.size()) {
            names.add("and " + (sample.subjects().size() - names.size()) + " more");
        }
        return names;
    }
}
