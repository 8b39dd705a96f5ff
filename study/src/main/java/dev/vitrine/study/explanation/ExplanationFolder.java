package dev.vitrine.study.explanation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Attribution.Reduction;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.EmbeddingLikeness;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.render.ChannelReduction;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.Smoothing;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Stems;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.PageFacts;
import dev.vitrine.study.page.PictureIndex;
import dev.vitrine.study.page.Summary;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Output folder of explanations: pictures are written during the next method's run, pages when they are full, the last
 * page at the end.
 */
final class ExplanationFolder implements AutoCloseable {
    /** Cards per page, to limit the load on browsers and memory. */
    private static final int CARDS = 240;

    private static final String PICTURE = "picture";
    private static final String INDEX = "index.html";

    private final Path folder;
    private final Model model;
    private final Objective objective;
    private final DrawingPlan plan;
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Stems stems = new Stems();
    private final List<ExplanationPage.Image> waiting = new ArrayList<>();
    private final List<Path> pages = new ArrayList<>();
    private final Drawings drawings = new Drawings();
    private final AtomicInteger written = new AtomicInteger();
    private Optional<String> lacking = Optional.empty();
    private Optional<ExplanationParts> parts = Optional.empty();

    /** Entries of pictures on finished pages. */
    private final List<PictureIndex.Entry> entries = new ArrayList<>();

    /** Number of pictures assigned to pages, and of those on finished pages. */
    private int taken;

    private int covered;

    /** A picture with its results so far. */
    record Subject(
            String name,
            String stem,
            BufferedImage view,
            List<ExplanationPage.Bar> top,
            FoundBoxes boxes,
            List<Future<ExplanationPage.Card>> cards,
            List<String> files) {}

    ExplanationFolder(Model model, Objective objective, DrawingPlan plan) {
        this.folder = plan.folder();
        this.model = model;
        this.objective = objective;
        this.plan = plan;
    }

    /**
     * Stores finished work as parts, and resumes from existing ones.
     *
     * @return false if a page has been modified, so that everything starts over
     */
    boolean keepIn(ExplanationParts found) {
        parts = Optional.of(found);
        for (int number = 1; found.hadPage(number); number++) {
            Optional<ExplanationParts.Page> page = found.page(number, html(number), summary(number));
            if (page.isEmpty()) {
                found.clear();
                pages.clear();
                entries.clear();
                covered = 0;
                return false;
            }
            pages.add(page.get().html());
            entries.addAll(page.get().entries());
            covered = page.get().taken();
        }
        return true;
    }

    private Path html(int number) {
        return folder.resolve("part-" + number + ".html");
    }

    private Path summary(int number) {
        return folder.resolve(number == 1 ? "summary.json" : "summary-" + number + ".json");
    }

    int taken() {
        return taken;
    }

    int covered() {
        return covered;
    }

    /** Reserves the same file names for a picture that was explained before. */
    void named(String name) {
        stems.of(name);
    }

    void leftOut(String method, String reason) {
        leftOut.put(method, reason);
    }

    Subject subject(String name, Picture view, Tensor logits, FoundBoxes boxes) {
        List<ExplanationPage.Bar> top = objective instanceof EmbeddingLikeness likeness
                ? List.of(new ExplanationPage.Bar(
                        likeness.description(), likeness.of(logits.toFloats()), ExplanationPage.Bar.Measure.NUMBER))
                : new Answer(model, logits).top();
        return new Subject(
                name, stems.of(name), boxes.on(Images.of(view)), top, boxes, new ArrayList<>(), new ArrayList<>());
    }

    /**
     * Queues drawing and writing a method's result for one row of a batch.
     *
     * @param partial progress if stopped, such as "12 of 4000 masks"
     */
    void write(
            Subject subject,
            Attributions.Entry entry,
            Attribution method,
            int target,
            Explanation explanation,
            int row,
            Optional<String> partial) {
        Reduction shown = method.form() == Attribution.Form.MAP
                ? Reduction.SUM
                : plan.reduction().orElse(method.reduction());
        Map<String, String> options = new LinkedHashMap<>();
        partial.ifPresent(done -> options.put(Provenance.PARTIAL, "stopped after " + done));
        options.putAll(method.optionsOn(model));
        if (method.form() == Attribution.Form.PIXELS) {
            options.put("channels", shown.name().toLowerCase(Locale.ROOT));
        }
        Drawing drawing = new Drawing(
                subject.view(),
                entry,
                method,
                shown,
                new Provenance(model.name(), subject.name(), title(target), method.id(), options),
                explanation.attribution().rows(row, row + 1),
                explanation.scores().floats().get(row),
                explanation.notes().get(row),
                subject.stem() + "-" + Stems.slug(fileTarget(target)) + "-" + method.id()
                        + (partial.isPresent() ? "-partial" : ""));
        Optional.ofNullable(subject.boxes().ofClasses().get(target))
                .ifPresent(box -> drawing.facts.put("box", box.words()));
        subject.files().addAll(drawing.files());
        subject.cards().add(drawings.begin(drawing::card));
    }

    /** The result of one method for one picture, to be written as files and a card. */
    private final class Drawing {
        private final BufferedImage view;
        private final Attributions.Entry entry;
        private final Attribution method;
        private final Reduction shown;
        private final Provenance provenance;
        private final Tensor attribution;
        private final List<String> notes;
        private final String stem;
        private final Map<String, String> facts = new LinkedHashMap<>();

        Drawing(
                BufferedImage view,
                Attributions.Entry entry,
                Attribution method,
                Reduction shown,
                Provenance provenance,
                Tensor attribution,
                float score,
                List<String> notes,
                String stem) {
            this.view = view;
            this.entry = entry;
            this.method = method;
            this.shown = shown;
            this.provenance = provenance;
            this.attribution = attribution;
            this.notes = notes;
            this.stem = stem;
            facts.put("score", String.format(Locale.ROOT, "%.6g", score));
        }

        /** Names of the files that {@link #card} writes. */
        List<String> files() {
            return plan.arrays() == DrawingPlan.Arrays.WRITTEN
                    ? List.of(stem + ".png", stem + "-map.png", stem + ".npy")
                    : List.of(stem + ".png", stem + "-map.png");
        }

        ExplanationPage.Card card() {
            ExplanationPage.Figure figure = shown == Reduction.COLOR ? colors() : overlay();
            if (plan.arrays() == DrawingPlan.Arrays.WRITTEN) {
                Npy.write(folder.resolve(stem + ".npy"), attribution);
                written.incrementAndGet();
            }
            String title = entry.title() + (provenance.isPartial() ? " (partial)" : "");
            return new ExplanationPage.Card(title, entry.answers(), figure, provenance, facts, notes(), files());
        }

        private List<String> notes() {
            List<String> all = new ArrayList<>();
            if (provenance.isPartial()) {
                all.add("Partial: " + provenance.options().get(Provenance.PARTIAL)
                        + ". Locations that were not evaluated are transparent.");
            }
            all.addAll(notes);
            Optional.ofNullable(facts.get(PICTURE)).ifPresent(words -> all.add("Drawn " + words + "."));
            return all;
        }

        private ExplanationPage.Figure overlay() {
            Tensor heat = ChannelReduction.heat(
                    method.shown(attribution, model),
                    method.form(),
                    model.preprocessing().layout(),
                    shown);
            Heatmap heatmap = new Heatmap(heat, provenance);
            boolean signed = shown == Reduction.SUM && method.sign() == Attribution.Sign.SIGNED;
            Polarity polarity = signed ? Polarity.SIGNED : Polarity.UNSIGNED;
            boolean pixels = method.form() == Attribution.Form.PIXELS;
            Smoothing smoothing = pixels ? Smoothing.forDisplay(heatmap) : Smoothing.NONE;
            Heatmap smooth = smoothing.apply(heatmap);
            if (!smoothing.equals(Smoothing.NONE)) {
                facts.put("overlay", smoothing.words() + "; map and numbers are not");
            }
            Scale scale = Scale.robust(smooth, polarity, pixels && signed ? Scale.WITHIN_OVERLAY : Scale.WITHIN_MAP);
            HeatmapPainter places = HeatmapPainter.MAP.with(Resampling.NEAREST);
            write(
                    Sheet.overlay(HeatmapPainter.OVERLAY, smooth, scale, view),
                    places.map(heatmap, Scale.robust(heatmap, polarity), view.getWidth(), view.getHeight()));
            return ExplanationPage.Overlay.of(smooth, scale, view);
        }

        private ExplanationPage.Figure colors() {
            Tensor colors = ChannelReduction.colors(attribution, model.preprocessing());
            BufferedImage picture = plan.painter().picture(colors);
            if (!plan.painter().words().isEmpty()) {
                facts.put(PICTURE, plan.painter().words() + "; map and numbers are not");
            }
            write(
                    new Sheet(picture, displayed(), Optional.empty()),
                    plan.painter().words().isEmpty() ? picture : HeatmapPainter.pixels(colors));
            return new ExplanationPage.Picture(picture);
        }

        private Provenance displayed() {
            Map<String, String> options = new LinkedHashMap<>(provenance.options());
            if (!plan.painter().words().isEmpty()) {
                options.put("display", plan.painter().words());
            }
            return new Provenance(
                    provenance.model(), provenance.image(), provenance.target(), provenance.method(), options);
        }

        private void write(Sheet sheet, BufferedImage map) {
            sheet.times(plan.scale()).write(folder.resolve(stem + ".png"));
            written.incrementAndGet();
            Png.write(folder.resolve(stem + "-map.png"), map, Sheet.facts(provenance));
            written.incrementAndGet();
        }
    }

    private String title(int target) {
        return objective.takesTarget()
                ? model.display(target) + " (" + objective.description(model) + ")"
                : objective.description(model);
    }

    private String fileTarget(int target) {
        if (!objective.takesTarget()) {
            return objective.description();
        }
        String first = model.labels().name(target).split(",")[0];
        String scale = objective.description().equals("logit") ? "" : "-" + objective.description();
        return (model.labels().size() > 0 ? target + "-" + first : first) + scale;
    }

    /** Waits for all cards of a picture and adds it to the page; a full page is written. */
    ExplanationPage.Image take(Subject subject) {
        List<ExplanationPage.Card> cards =
                subject.cards().stream().map(Drawings::result).toList();
        ExplanationPage.Image image = new ExplanationPage.Image(subject.name(), subject.view(), subject.top(), cards);
        take(image);
        return image;
    }

    /** Adds a picture to the page, unless its page is written. */
    void take(ExplanationPage.Image image) {
        if (taken >= covered) {
            int before = waiting.stream().mapToInt(one -> one.cards().size()).sum();
            if (before > 0 && before + image.cards().size() > CARDS) {
                turnPage();
            }
            waiting.add(image);
        }
        taken++;
    }

    /** Drops pictures whose pages are written. */
    void skipTo(int newTaken) {
        taken = newTaken;
    }

    /** Writes the last page of a stopped run, marked as partial. */
    void finishPartially(String missing) {
        lacking = Optional.of(missing);
        finish();
    }

    /** Writes the last page: a single page is the index itself; for several, the index shows thumbnails. */
    void finish() {
        Path index = folder.resolve(INDEX);
        if (pages.isEmpty()) {
            if (!waiting.isEmpty()) {
                ExplanationPage page = page();
                page.write(index);
                Summary.write(summary(1), page);
                written.addAndGet(2);
                pages.add(index);
            }
            return;
        }
        if (!waiting.isEmpty()) {
            turnPage();
        }
        new PictureIndex(title(entries.size() + " pictures"), facts(), entries).write(index);
        written.incrementAndGet();
        pages.add(index);
    }

    private String title(String subjects) {
        return subjects + " as seen by " + model.name() + (lacking.isPresent() ? " (partial)" : "");
    }

    private ExplanationPage page() {
        String subjects = waiting.size() == 1 ? waiting.get(0).name() : waiting.size() + " pictures";
        return new ExplanationPage(title(subjects), facts(), waiting, Optional.of(plan.findings()));
    }

    private void turnPage() {
        int number = pages.size() + 1;
        ExplanationPage page = page();
        Path path = html(number);
        page.write(path);
        Summary.write(summary(number), page);
        pages.add(path);
        written.addAndGet(2);
        waiting.clear();
        List<PictureIndex.Entry> added =
                PictureIndex.of(page, path.getFileName().toString());
        entries.addAll(added);
        if (lacking.isEmpty()) {
            covered = taken;
            parts.ifPresent(kept -> kept.keep(number, new ExplanationParts.Page(taken, path, summary(number), added)));
        }
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        lacking.ifPresent(missing -> facts.put("partial", "stopped before the end; this page lacks " + missing));
        facts.putAll(PageFacts.of(model, leftOut, plan.maker()));
        return facts;
    }

    /** Names of the finished pages. */
    List<String> pages() {
        return pages.stream().map(page -> page.getFileName().toString()).toList();
    }

    /** Number of finished files; none is being written once the folder is closed. */
    int files() {
        return written.get();
    }

    /** Cancels pending drawings and waits for running ones. */
    @Override
    public void close() {
        drawings.close();
    }
}
