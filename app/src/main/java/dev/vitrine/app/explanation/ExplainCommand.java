package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.Asked;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.folder.Pictures;
import dev.vitrine.app.method.MethodList;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.EmptyMaps;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.NotFinite;
import dev.vitrine.lens.attribution.PartialExplanation;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.PixelPainter;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import dev.vitrine.lens.store.PartStore;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.SanityFindings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vitrine explain}: draws explanations of pictures, with a page of all of them. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows what in a picture made a network say what it says.",
        description = {
            "%nWrites for each picture, class and method an overlay and a raw map (PNG), one page with all of them"
                    + " (index.html) and a summary for programs (summary.json).%n",
            "  vitrine explain cat.jpg",
            "  vitrine explain cat.jpg dog.jpg folder --model net.onnx --target top:3 --method grad-cam",
            "  vitrine explain cat.jpg --model net.onnx --target egyptian,tabby --method all --out cats",
            "  vitrine explain cat.jpg --model net.onnx --unit conv4:17 --method guided-backprop%n"
        })
public final class ExplainCommand implements Callable<Integer> {
    /** Rows (picture and class) that are in memory at a time. */
    private static final int ROWS = 16;

    /** Of {@link ExplanationParts}. */
    private static final int FORMAT = 2;

    /** What is shown without {@code --method}: regions, contributions and fine structure. */
    private static final List<String> USUAL =
            List.of("grad-cam", "integrated-gradients", "smooth-grad", "guided-backprop", "lrp-epsilon-plus");

    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = "--method",
            paramLabel = "LIST|all",
            description = "Methods with commas between them, or all; see 'vitrine methods'. Default: grad-cam,"
                    + " integrated-gradients, smooth-grad, guided-backprop and lrp-epsilon-plus.")
    private List<String> methods = new ArrayList<>();

    @Mixin
    private ObjectiveOptions objectives;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "explanations",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--npy", description = "Also write each attribution as a NumPy array.")
    private boolean npy;

    @Option(
            names = "--reduce",
            paramLabel = "KIND",
            description = "How color channels become a picture: sum, maximum (of magnitudes) or colour. Default:"
                    + " depends on the method.")
    private Optional<Attribution.Reduction> reduction;

    @Option(
            names = "--trust",
            paramLabel = "FILE|FOLDER",
            description =
                    "What 'vitrine trust' found on this model, to be shown beside each method. Default: trust.json in"
                            + " the output folder or in a folder 'trust' beside it, where it is about this model.")
    private Optional<Path> trust;

    @Mixin
    private DrawingOptions drawing;

    @Mixin
    private RegionOptions regions;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    @Spec
    private CommandSpec command;

    private final Terminal terminal;
    private final Stop stop;

    public ExplainCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /** A method that is to be shown, with its sessions. */
    private record Ready(Attributions.Entry entry, Attribution method, Explainer explainer) {}

    /** A picture as the network takes it, with its answer. */
    private record Answered(String name, Picture view, Tensor input, Tensor logits, List<Integer> classes) {}

    /**
     * What a method said of some pictures, while it is being drawn.
     *
     * @param from place of the first of the pictures
     */
    private record Undrawn(
            int from,
            String method,
            String refused,
            List<String> skipped,
            List<List<Future<ExplanationPage.Card>>> cards) {
        /** Keeps it, where everything is drawn. */
        boolean isKept(ExplanationParts parts) {
            boolean drawn = cards.stream().flatMap(List::stream).allMatch(card -> card.isDone() && !card.isCancelled());
            if (drawn) {
                parts.keep(
                        from,
                        method,
                        new ExplanationParts.Method(
                                refused,
                                skipped,
                                cards.stream()
                                        .map(one -> one.stream()
                                                .map(Drawings::result)
                                                .toList())
                                        .toList()));
            }
            return drawn;
        }
    }

    @Override
    public Integer call() {
        List<Attributions.Entry> wanted = MethodList.of(methods, USUAL);
        PixelPainter painter = drawing.painter();
        int scale = drawing.scale();
        try (Pictures pictures = new Pictures(images, terminal);
                OpenModel open = models.open(terminal, stop, (card, type) -> regions.onto(card))) {
            Model model = open.model();
            Objective objective = objectives.objective(open);
            objectives.note(model, terminal);
            Targets targets = objective.takesTarget()
                    ? TargetWords.parse(objectives.targets(), model)
                    : new Targets(0, List.of(0));
            try (Claim claim = OutputFolder.take(out, terminal);
                    ExplanationFolder folder = new ExplanationFolder(
                            out,
                            model,
                            objective,
                            reduction,
                            npy,
                            painter,
                            scale,
                            findings(model.sha256().toString()))) {
                Optional<ExplanationParts> parts =
                        pictures.size() > 1 ? Optional.of(parts(pictures, model)) : Optional.empty();
                return new Work(pictures, open, objective, targets, folder, parts).run(wanted);
            }
        }
    }

    private SanityFindings findings(String sha256) {
        return trust.map(given -> SanityFindings.of(given, sha256)).orElseGet(() -> SanityFindings.beside(out, sha256));
    }

    private ExplanationParts parts(Pictures pictures, Model model) {
        return new ExplanationParts(
                PartStore.open(out.resolve("unfinished"), pictures.onto(Asked.with(Asked.of(command, FORMAT), model))),
                out);
    }

    private boolean isLenient() {
        return MethodList.isLenient(methods);
    }

    private final class Work {
        private final Pictures pictures;
        private final ModelSession session;
        private final Model model;
        private final Objective objective;
        private final Targets targets;
        private final ExplanationFolder folder;
        private final Map<String, String> refused = new LinkedHashMap<>();
        private final List<String> missing = new ArrayList<>();
        private int unreadable;
        private final Set<String> skipped = new LinkedHashSet<>();
        private final Optional<ExplanationParts> parts;
        private final List<Undrawn> undrawn = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final List<Path> halfDone = new ArrayList<>();
        private int made;

        Work(
                Pictures pictures,
                OpenModel open,
                Objective objective,
                Targets targets,
                ExplanationFolder folder,
                Optional<ExplanationParts> parts) {
            this.parts = parts;
            this.pictures = pictures;
            this.session = open.session();
            this.model = open.model();
            this.objective = objective;
            this.targets = targets;
            this.folder = folder;
        }

        int run(List<Attributions.Entry> wanted) {
            List<Ready> ready = null;
            int seen = 0;
            ProgressLine progress = new ProgressLine(terminal, 1);
            int perPicture = targets.likeliest() > 0
                    ? targets.likeliest()
                    : targets.named().size();
            int group = Math.max(1, ROWS / perPicture);
            try {
                int begin = resumed(group);
                for (int from = begin; from < pictures.size(); from += group) {
                    problems.clear();
                    List<Answered> answered = answered(from, Math.min(pictures.size(), from + group));
                    if (answered.isEmpty()) {
                        keep(from, List.of(), List.of(), List.of());
                        continue;
                    }
                    if (ready == null) {
                        ready = ready(wanted);
                        progress = new ProgressLine(terminal, weight(ready) * (pictures.size() - begin));
                    }
                    seen = Math.min(pictures.size(), from + group);
                    explain(from, answered, ready, progress);
                }
                folder.finish();
                parts.ifPresent(ExplanationParts::remove);
            } catch (CancellationException stopped) {
                stop.noticed();
                progress.end();
                stopped(pictures.size() - seen);
                throw stopped;
            } finally {
                progress.end();
            }
            folder.pages().forEach(page -> terminal.out().println(page));
            return unreadable == 0 && skipped.isEmpty() && (isLenient() || refused.isEmpty()) ? 0 : 1;
        }

        /** Takes up what is done; the place of the first picture that is not. */
        private int resumed(int group) {
            if (parts.isEmpty()) {
                return 0;
            }
            ExplanationParts kept = parts.get();
            kept.forgetPartial();
            if (!folder.keepIn(kept)) {
                terminal.err().println("note: a page in " + out + " was changed; everything is explained anew.");
            }
            int from = 0;
            while (from < pictures.size()) {
                Optional<ExplanationParts.Group> found = kept.group(from, folder.covered());
                if (found.isEmpty()) {
                    break;
                }
                take(found.get());
                from += group;
            }
            if (from > 0) {
                terminal.err()
                        .println("note: " + Math.min(from, pictures.size()) + " of " + pictures.size()
                                + " pictures are explained in " + out + " already; going on from there.");
            }
            return from;
        }

        private void take(ExplanationParts.Group group) {
            group.names().forEach(folder::named);
            group.problems().forEach(problem -> terminal.err().println(problem));
            unreadable += group.problems().size();
            skipped.addAll(group.skipped());
            group.refused().forEach((id, reason) -> refuse(Attributions.find(id), reason));
            group.images().forEach(folder::take);
            folder.skipTo(group.taken());
        }

        /** Keeps pictures that are done in place of what each method said of them. */
        private void keep(int from, List<String> names, List<ExplanationPage.Image> images, List<String> methods) {
            undrawn.clear();
            parts.ifPresent(kept -> kept.keep(
                    from,
                    new ExplanationParts.Group(names, problems, refused, List.copyOf(skipped), images, folder.taken()),
                    methods,
                    folder.covered()));
        }

        /** Keeps what methods said whose pictures are drawn; waits for the others where nothing more is begun. */
        private void keepDrawn() {
            parts.ifPresent(kept -> undrawn.removeIf(one -> one.isKept(kept)));
        }

        /** Leaves what is done, and says what is not. */
        private void stopped(int unseen) {
            if (unseen > 0) {
                missing.add(unseen == 1 ? "one picture" : unseen + " pictures");
            }
            String lacking = missing.isEmpty() ? "the end" : String.join(", ", missing);
            folder.finishPartially(lacking);
            folder.close();
            keepDrawn();
            parts.ifPresent(kept -> kept.partial(halfDone));
            String pages = folder.pages().isEmpty()
                    ? ""
                    : " " + folder.pages().get(folder.pages().size() - 1) + " is partial: it lacks " + lacking + ".";
            terminal.err()
                    .println("Stopped. " + folder.files() + " files are written in " + out + ", all of them whole."
                            + pages + (parts.isPresent() ? " The same command goes on from there." : ""));
        }

        private List<Answered> answered(int from, int to) {
            List<String> names = new ArrayList<>();
            List<Picture> views = new ArrayList<>();
            List<Tensor> inputs = new ArrayList<>();
            for (int index = from; index < to; index++) {
                stop.check();
                try {
                    Picture picture = pictures.read(index);
                    views.add(model.preprocessing().view(picture));
                    inputs.add(model.preprocessing().apply(picture));
                    names.add(pictures.name(index));
                } catch (VitrineException e) {
                    if (pictures.size() == 1) {
                        throw e;
                    }
                    leaveOut(e);
                }
            }
            List<Answered> answered = new ArrayList<>();
            for (int index = 0; index < names.size(); index++) {
                Tensor logits = session.logits(inputs.get(index));
                try {
                    FiniteScores.require(names.get(index), logits);
                } catch (VitrineException e) {
                    if (pictures.size() == 1) {
                        throw e;
                    }
                    leaveOut(e);
                    continue;
                }
                answered.add(new Answered(
                        names.get(index), views.get(index), inputs.get(index), logits, targets.of(logits, model)));
            }
            return answered;
        }

        private void leaveOut(VitrineException reason) {
            unreadable++;
            problems.add("vitrine: " + reason.getMessage());
            terminal.err().println("vitrine: " + reason.getMessage());
        }

        private List<Ready> ready(List<Attributions.Entry> asked) {
            SettingValues options = hyperparameters.forPictures(model);
            List<Attributions.Entry> wanted = asked.stream()
                    .filter(entry -> !isLenient() || entry.with(options).isFor(model))
                    .toList();
            List<ForkJoinTask<Ready>> openings = wanted.stream()
                    .map(entry -> ForkJoinPool.commonPool().submit(() -> ready(entry, options)))
                    .toList();
            openings.forEach(ForkJoinTask::quietlyJoin);
            List<Ready> ready = new ArrayList<>();
            for (int index = 0; index < wanted.size(); index++) {
                try {
                    ready.add(openings.get(index).join());
                } catch (VitrineException e) {
                    if (wanted.size() == 1) {
                        throw VitrineException.usage(e.getMessage());
                    }
                    refuse(wanted.get(index), e);
                }
            }
            if (ready.isEmpty()) {
                throw VitrineException.usage("None of the methods can be made for " + objective.description() + " of '"
                        + model.name() + "', see above. See: vitrine methods");
            }
            made = wanted.size();
            hyperparameters.noteLayer(ready.stream().map(Ready::method).toList(), objective, terminal);
            hyperparameters.noteUnused(ready.stream().map(Ready::method).toList(), model, terminal);
            return ready;
        }

        private Ready ready(Attributions.Entry entry, SettingValues options) {
            stop.check();
            Attribution method = entry.with(options).settled(model, objective);
            return new Ready(entry, method, session.explainer(method, objective));
        }

        /** Whether no other method has said anything. */
        private boolean isOnly(Ready one) {
            return made - refused.size() == (refused.containsKey(one.entry().id()) ? 0 : 1);
        }

        private void refuse(Attributions.Entry entry, VitrineException reason) {
            refuse(entry, reason.getMessage());
        }

        private void refuse(Attributions.Entry entry, String reason) {
            if (!reason.equals(refused.put(entry.id(), reason))) {
                terminal.err().println("left out: " + entry.id() + ": " + reason);
                folder.leftOut(entry, reason);
            }
        }

        /** Work of one picture, in evaluations of the network. */
        private double weight(List<Ready> ready) {
            return ready.stream()
                    .mapToDouble(one -> one.method().evaluations(model))
                    .sum();
        }

        private void explain(int from, List<Answered> answered, List<Ready> ready, ProgressLine progress) {
            List<Tensor> rows = new ArrayList<>();
            List<Long> classes = new ArrayList<>();
            for (Answered picture : answered) {
                for (int target : picture.classes()) {
                    rows.add(picture.input());
                    classes.add((long) target);
                }
            }
            Tensor batch = Tensor.concatenate(rows);
            Tensor targetRows = ModelSession.targets(
                    classes.stream().mapToLong(Long::longValue).toArray());
            List<ExplanationFolder.Subject> subjects = new ArrayList<>();
            for (Answered picture : answered) {
                FoundBoxes boxes = FoundBoxes.of(
                        session, picture.input(), objective.takesTarget() ? picture.classes() : List.of());
                subjects.add(folder.subject(picture.name(), picture.view(), picture.logits(), boxes));
            }
            int done = 0;
            try {
                for (Ready one : ready) {
                    explain(from, answered, subjects, one, batch, targetRows, progress);
                    keepDrawn();
                    done++;
                }
            } catch (PartialExplanation half) {
                Ready one = ready.get(done);
                write(answered, subjects, one, half.explanation(), Optional.of(half.done()));
                missing.add("the rest of " + one.entry().id());
                lack(ready.subList(done + 1, ready.size()), subjects);
                throw half;
            } catch (CancellationException stopped) {
                lack(ready.subList(done, ready.size()), subjects);
                throw stopped;
            }
            progress.end();
            List<ExplanationPage.Image> images = new ArrayList<>();
            for (int index = 0; index < answered.size(); index++) {
                // A picture of which no method makes numbers has no place on the page.
                if (!subjects.get(index).cards().isEmpty()
                        || !skipped.contains(answered.get(index).name())) {
                    images.add(report(answered.get(index), subjects.get(index)));
                }
            }
            keep(
                    from,
                    answered.stream().map(Answered::name).toList(),
                    images,
                    ready.stream().map(one -> one.entry().id()).toList());
        }

        /** What a method says of pictures that are explained together, as it said before or now. */
        private void explain(
                int from,
                List<Answered> answered,
                List<ExplanationFolder.Subject> subjects,
                Ready one,
                Tensor batch,
                Tensor targetRows,
                ProgressLine progress) {
            String id = one.entry().id();
            Optional<ExplanationParts.Method> known = parts.flatMap(kept -> kept.method(from, id, subjects.size()));
            if (known.isPresent()) {
                take(known.get(), one, subjects);
                return;
            }
            List<Integer> before =
                    subjects.stream().map(subject -> subject.cards().size()).toList();
            Set<String> skippedBefore = Set.copyOf(skipped);
            explain(answered, subjects, one, batch, targetRows, progress);
            List<List<Future<ExplanationPage.Card>>> cards = new ArrayList<>();
            for (int index = 0; index < subjects.size(); index++) {
                List<Future<ExplanationPage.Card>> all = subjects.get(index).cards();
                cards.add(List.copyOf(all.subList(before.get(index), all.size())));
            }
            List<String> left = skipped.stream()
                    .filter(name -> !skippedBefore.contains(name))
                    .toList();
            undrawn.add(new Undrawn(from, id, refused.getOrDefault(id, ""), left, cards));
        }

        private void take(ExplanationParts.Method known, Ready one, List<ExplanationFolder.Subject> subjects) {
            if (!known.refused().isEmpty()) {
                refuse(one.entry(), known.refused());
            }
            skipped.addAll(known.skipped());
            for (int index = 0; index < subjects.size(); index++) {
                ExplanationFolder.Subject subject = subjects.get(index);
                for (ExplanationPage.Card card : known.cards().get(index)) {
                    subject.cards().add(CompletableFuture.completedFuture(card));
                    card.files().forEach(name -> subject.files().add(out.resolve(name)));
                }
            }
        }

        private void lack(List<Ready> undone, List<ExplanationFolder.Subject> subjects) {
            undone.forEach(one -> missing.add(one.entry().id()));
            subjects.stream().filter(subject -> !subject.cards().isEmpty()).forEach(folder::take);
        }

        /** What one method says of some pictures, for all their classes. */
        private void explain(
                List<Answered> answered,
                List<ExplanationFolder.Subject> subjects,
                Ready one,
                Tensor batch,
                Tensor targetRows,
                ProgressLine progress) {
            stop.check();
            progress.begin(one.entry().title(), (double) one.method().evaluations(model) * answered.size());
            Explanation explanation;
            try {
                Explanation said = one.explainer().explain(batch, targetRows, progress);
                explanation = new EmptyMaps(session, one.method(), objective).noted(batch, targetRows, said);
            } catch (VitrineException e) {
                if (NotFinite.ended(e) && pictures.size() > 1 && stop.status() == 0) {
                    progress.end();
                    explainEach(answered, subjects, one, targetRows);
                    return;
                }
                if (isOnly(one) || stop.status() != 0) {
                    throw e;
                }
                if (!refused.containsKey(one.entry().id())) {
                    progress.end();
                    refuse(one.entry(), e);
                }
                return;
            }
            write(answered, subjects, one, explanation, Optional.empty());
        }

        /** Picture by picture, those left out of which no numbers are made. */
        private void explainEach(
                List<Answered> answered, List<ExplanationFolder.Subject> subjects, Ready one, Tensor targetRows) {
            int row = 0;
            for (int index = 0; index < answered.size(); index++) {
                stop.check();
                Answered picture = answered.get(index);
                int count = picture.classes().size();
                Tensor targetsOfIt = targetRows.rows(row, row + count);
                row += count;
                Tensor batch = Tensor.concatenate(Collections.nCopies(count, picture.input()));
                Explanation explanation;
                try {
                    Explanation said = one.explainer().explain(batch, targetsOfIt, Progress.NONE);
                    explanation = new EmptyMaps(session, one.method(), objective).noted(batch, targetsOfIt, said);
                } catch (VitrineException e) {
                    if (!NotFinite.ended(e)) {
                        throw e;
                    }
                    skipped.add(picture.name());
                    terminal.err()
                            .println("vitrine: " + picture.name() + ": "
                                    + one.entry().id() + ": " + e.getMessage());
                    continue;
                }
                write(List.of(picture), List.of(subjects.get(index)), one, explanation, Optional.empty());
            }
        }

        /**
         * Writes what one method says, as far as it comes.
         *
         * @param done how far the last of it came, where the work was stopped
         */
        private void write(
                List<Answered> answered,
                List<ExplanationFolder.Subject> subjects,
                Ready one,
                Explanation explanation,
                Optional<String> done) {
            long rows = explanation.attribution().dimension(0);
            int row = 0;
            for (int index = 0; index < answered.size(); index++) {
                for (int target : answered.get(index).classes()) {
                    if (row == rows) {
                        return;
                    }
                    if (done.isEmpty()) {
                        stop.check();
                    }
                    Optional<String> halfWay = row == rows - 1 ? done : Optional.empty();
                    int filesBefore = subjects.get(index).files().size();
                    folder.write(subjects.get(index), one.entry(), one.method(), target, explanation, row++, halfWay);
                    if (halfWay.isPresent()) {
                        List<Path> files = subjects.get(index).files();
                        halfDone.addAll(files.subList(filesBefore, files.size()));
                    }
                }
            }
        }

        private ExplanationPage.Image report(Answered picture, ExplanationFolder.Subject subject) {
            ExplanationPage.Image image = folder.take(subject);
            PrintStream out = terminal.out();
            out.println(picture.name());
            subject.top()
                    .forEach(bar -> out.println(String.format(Locale.ROOT, "  %7s  %s", bar.words(), bar.label())));
            subject.boxes()
                    .ofClasses()
                    .forEach((target, box) -> out.println("  " + model.display(target) + ", " + box.words()));
            subject.files().forEach(file -> out.println("  " + file));
            subject.cards().stream()
                    .map(Drawings::result)
                    .forEach(card -> card.notes().stream()
                            .filter(EmptyMaps::isNote)
                            .forEach(note -> terminal.err()
                                    .println("note: " + picture.name() + ", " + card.title() + " of "
                                            + card.provenance().target() + ": " + note)));
            return image;
        }
    }
}
