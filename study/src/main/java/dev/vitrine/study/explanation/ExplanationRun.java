package dev.vitrine.study.explanation;

import dev.vitrine.engine.VitrineException;
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
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.FiniteScores;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.page.ExplanationPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;

/** One run of an {@link ExplanationStudy}: groups of pictures by one method after the other, resumed from parts. */
final class ExplanationRun {
    /** Maximum number of rows (picture and class) in memory. */
    private static final int ROWS = 16;

    private final ExplanationStudy study;
    private final Model model;
    private final Objective objective;
    private final MethodChoice choice;
    private final int all;
    private final ModelSession session;
    private final Watcher watcher;
    private final ExplanationFolder folder;
    private final Optional<ExplanationParts> parts;
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private final List<Explanations.Subject> subjects = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> halfDone = new ArrayList<>();
    private final List<Undrawn> undrawn = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private List<Ready> ready = List.of();
    private int made;
    private double work = 1;
    private int seen;

    ExplanationRun(ExplanationStudy study, StudyContext context, ExplanationFolder folder) {
        this.study = study;
        this.model = study.model();
        this.objective = study.objective();
        this.choice = study.methods();
        this.all = study.pictures().size();
        this.session = context.session(model);
        this.watcher = context.watcher();
        this.folder = folder;
        this.parts = all > 1
                ? context.parts()
                        .of(study.question())
                        .map(store ->
                                new ExplanationParts(store, study.drawing().folder()))
                : Optional.empty();
    }

    /** A method to apply, with its sessions. */
    private record Ready(Attributions.Entry entry, Attribution method, Explainer explainer) {
        String id() {
            return entry.id();
        }
    }

    /** A picture as network input, with its prediction. */
    private record Answered(String name, Picture view, Tensor input, Tensor logits, List<Integer> classes) {}

    /** Pictures explained together, one row per picture and class. */
    private record Group(
            int from, List<Answered> answered, List<ExplanationFolder.Subject> subjects, Tensor rows, Tensor targets) {}

    /** Results of a method for some pictures, while they are drawn. */
    private record Undrawn(
            int from,
            String method,
            String refused,
            Map<String, String> skipped,
            List<List<Future<ExplanationPage.Card>>> cards) {
        /** Stores them, once everything is drawn. */
        boolean isKept(ExplanationParts parts) {
            boolean drawn = cards.stream().flatMap(List::stream).allMatch(card -> card.isDone() && !card.isCancelled());
            if (drawn) {
                List<List<ExplanationPage.Card>> results = cards.stream()
                        .map(one -> one.stream().map(Drawings::result).toList())
                        .toList();
                parts.keep(from, method, new ExplanationParts.Method(refused, skipped, results));
            }
            return drawn;
        }
    }

    Outcome<Explanations> outcome() {
        int size = Math.max(
                1,
                ROWS
                        / Math.max(
                                study.targets().likeliest(),
                                study.targets().named().size()));
        Optional<String> stopped = Optional.empty();
        try {
            int begin = resumed(size);
            for (int from = begin; from < all; from += size) {
                problems.clear();
                List<Answered> answered = answered(from, Math.min(all, from + size));
                if (answered.isEmpty()) {
                    keep(from, List.of(), List.of(), List.of(), List.of());
                    continue;
                }
                if (ready.isEmpty()) {
                    ready = open();
                    work = ready.stream()
                                    .mapToDouble(one -> one.method().evaluations(model))
                                    .sum()
                            * (all - begin);
                }
                seen = Math.min(all, from + size);
                explain(from, answered);
            }
            folder.finish();
        } catch (CancellationException asked) {
            watcher.stopping();
            stopped = Optional.of(leave());
            if (folder.files() == 0) {
                throw asked;
            }
        } finally {
            watcher.end();
        }
        List<String> notThere = new ArrayList<>(unreadable);
        skipped.forEach((name, reason) -> notThere.add(name + ": " + reason));
        if (!choice.isLenient()) {
            refused.forEach((id, reason) -> notThere.add(id + ": " + reason));
        }
        return new Outcome<>(new Explanations(subjects, refused, folder.pages()), notThere, stopped);
    }

    /** Resumes from stored parts; returns the index of the first unfinished picture. */
    private int resumed(int size) {
        if (parts.isEmpty()) {
            return 0;
        }
        ExplanationParts kept = parts.get();
        kept.forgetPartial();
        if (!folder.keepIn(kept)) {
            watcher.note("a page in " + study.drawing().folder() + " was modified; starting over.");
        }
        int from = 0;
        while (from < all) {
            Optional<ExplanationParts.Shown> found = kept.group(from, folder.covered());
            if (found.isEmpty()) {
                break;
            }
            take(found.get());
            from += size;
        }
        if (from > 0) {
            watcher.note(Math.min(from, all) + " of " + all + " pictures are already explained in "
                    + study.drawing().folder() + "; resuming.");
        }
        return from;
    }

    private void take(ExplanationParts.Shown shown) {
        ExplanationParts.Group group = shown.group();
        group.names().forEach(folder::named);
        group.problems().forEach(watcher::leftOut);
        unreadable.addAll(group.problems());
        skipped.putAll(group.skipped());
        group.refused().forEach(this::refuse);
        subjects.addAll(group.subjects());
        shown.images().forEach(folder::take);
        folder.skipTo(group.taken());
    }

    /** Stores finished pictures in place of the results of each method. */
    private void keep(
            int from,
            List<String> names,
            List<Explanations.Subject> said,
            List<ExplanationPage.Image> images,
            List<String> methods) {
        undrawn.clear();
        parts.ifPresent(kept -> kept.keep(
                from,
                new ExplanationParts.Shown(
                        new ExplanationParts.Group(names, problems, refused, skipped, said, folder.taken()), images),
                methods,
                folder.covered()));
    }

    /** Stores results of methods whose pictures are drawn. */
    private void keepDrawn() {
        parts.ifPresent(kept -> undrawn.removeIf(one -> one.isKept(kept)));
    }

    /** Leaves what is finished; returns a description of the progress. */
    private String leave() {
        int unseen = all - seen;
        if (unseen > 0) {
            missing.add(unseen == 1 ? "one picture" : unseen + " pictures");
        }
        String lacking = missing.isEmpty() ? "the end" : String.join(", ", missing);
        folder.finishPartially(lacking);
        folder.close();
        keepDrawn();
        parts.ifPresent(kept -> kept.partial(halfDone));
        List<String> pages = folder.pages();
        String partial = pages.isEmpty() ? "" : "; " + pages.get(pages.size() - 1) + " is partial: it lacks " + lacking;
        return folder.files() + " complete files" + partial;
    }

    private List<Answered> answered(int from, int to) {
        List<Answered> answered = new ArrayList<>();
        for (int index = from; index < to; index++) {
            watcher.check();
            try {
                Picture picture = study.pictures().read(index);
                Picture view = model.preprocessing().view(picture);
                Tensor input = model.preprocessing().apply(picture);
                String name = study.pictures().name(index);
                Tensor logits = session.logits(input);
                FiniteScores.require(name, logits);
                answered.add(
                        new Answered(name, view, input, logits, study.targets().of(logits, model)));
            } catch (VitrineException broken) {
                watcher.check();
                if (all == 1 || broken.kind() == VitrineException.Kind.USAGE) {
                    throw broken;
                }
                unreadable.add(broken.getMessage());
                problems.add(broken.getMessage());
                watcher.leftOut(broken.getMessage());
            }
        }
        return answered;
    }

    private List<Ready> open() {
        List<Attributions.Entry> wanted = choice.on(model);
        List<ForkJoinTask<Ready>> openings = wanted.stream()
                .map(entry -> ForkJoinPool.commonPool().submit(() -> open(entry)))
                .toList();
        openings.forEach(ForkJoinTask::quietlyJoin);
        List<Ready> opened = new ArrayList<>();
        for (int index = 0; index < wanted.size(); index++) {
            try {
                opened.add(openings.get(index).join());
            } catch (VitrineException e) {
                if (wanted.size() == 1) {
                    throw VitrineException.usage(e.getMessage());
                }
                refuse(wanted.get(index).id(), e.getMessage());
            }
        }
        if (opened.isEmpty()) {
            throw VitrineException.usage("None of the methods applies to " + objective.description() + " of '"
                    + model.name() + "', see above. List the methods with: vitrine methods");
        }
        made = wanted.size();
        return opened;
    }

    private Ready open(Attributions.Entry entry) {
        watcher.check();
        Attribution method = choice.method(entry).settled(model, objective);
        return new Ready(entry, method, session.explainer(method, objective));
    }

    /** Whether no other method has any results. */
    private boolean isOnly(Ready one) {
        return made - refused.size() == (refused.containsKey(one.id()) ? 0 : 1);
    }

    private void refuse(String id, String reason) {
        if (!reason.equals(refused.put(id, reason))) {
            watcher.note("left out: " + id + ": " + reason);
            folder.leftOut(id, reason);
        }
    }

    private void explain(int from, List<Answered> answered) {
        List<Tensor> rows = new ArrayList<>();
        List<Long> classes = new ArrayList<>();
        List<ExplanationFolder.Subject> begun = new ArrayList<>();
        for (Answered picture : answered) {
            picture.classes().forEach(target -> {
                rows.add(picture.input());
                classes.add((long) target);
            });
            FoundBoxes boxes =
                    FoundBoxes.of(session, picture.input(), objective.takesTarget() ? picture.classes() : List.of());
            begun.add(folder.subject(picture.name(), picture.view(), picture.logits(), boxes));
        }
        long[] targets = classes.stream().mapToLong(Long::longValue).toArray();
        Group group = new Group(from, answered, begun, Tensor.concatenate(rows), ModelSession.targets(targets));
        int done = 0;
        try {
            for (Ready one : ready) {
                explainOrTake(group, one);
                keepDrawn();
                done++;
            }
        } catch (PartialExplanation half) {
            Ready one = ready.get(done);
            write(answered, begun, one, half.explanation(), Optional.of(half.done()));
            missing.add("the rest of " + one.id());
            lack(ready.subList(done + 1, ready.size()), begun);
            throw half;
        } catch (CancellationException stopped) {
            lack(ready.subList(done, ready.size()), begun);
            throw stopped;
        }
        watcher.end();
        List<ExplanationPage.Image> images = new ArrayList<>();
        List<Explanations.Subject> said = new ArrayList<>();
        for (ExplanationFolder.Subject subject : begun) {
            // A picture without finite results from any method is not shown.
            if (!subject.cards().isEmpty() || !skipped.containsKey(subject.name())) {
                images.add(folder.take(subject));
                said.add(said(subject));
            }
        }
        subjects.addAll(said);
        List<String> names = answered.stream().map(Answered::name).toList();
        keep(from, names, said, images, ready.stream().map(Ready::id).toList());
    }

    private void lack(List<Ready> undone, List<ExplanationFolder.Subject> begun) {
        undone.forEach(one -> missing.add(one.id()));
        begun.stream().filter(subject -> !subject.cards().isEmpty()).forEach(subject -> {
            folder.take(subject);
            subjects.add(said(subject));
        });
    }

    private Explanations.Subject said(ExplanationFolder.Subject subject) {
        List<String> boxes = new ArrayList<>();
        subject.boxes().ofClasses().forEach((target, box) -> boxes.add(model.display(target) + ", " + box.words()));
        List<String> notes = subject.cards().stream()
                .map(Drawings::result)
                .flatMap(card -> card.notes().stream()
                        .filter(EmptyMaps::isNote)
                        .map(note -> card.title() + " of " + card.provenance().target() + ": " + note))
                .toList();
        return new Explanations.Subject(subject.name(), subject.top(), boxes, subject.files(), notes);
    }

    /** The results of a method for pictures explained together, stored or new. */
    private void explainOrTake(Group group, Ready one) {
        Optional<ExplanationParts.Method> known = parts.flatMap(
                kept -> kept.method(group.from(), one.id(), group.subjects().size()));
        if (known.isPresent()) {
            take(known.get(), one, group.subjects());
            return;
        }
        List<Integer> before =
                group.subjects().stream().map(subject -> subject.cards().size()).toList();
        Map<String, String> left = new LinkedHashMap<>();
        explain(group, one, left);
        skipped.putAll(left);
        List<List<Future<ExplanationPage.Card>>> cards = new ArrayList<>();
        for (int index = 0; index < group.subjects().size(); index++) {
            List<Future<ExplanationPage.Card>> drawn =
                    group.subjects().get(index).cards();
            cards.add(List.copyOf(drawn.subList(before.get(index), drawn.size())));
        }
        undrawn.add(new Undrawn(group.from(), one.id(), refused.getOrDefault(one.id(), ""), left, cards));
    }

    private void take(ExplanationParts.Method known, Ready one, List<ExplanationFolder.Subject> begun) {
        if (!known.refused().isEmpty()) {
            refuse(one.id(), known.refused());
        }
        skipped.putAll(known.skipped());
        for (int index = 0; index < begun.size(); index++) {
            ExplanationFolder.Subject subject = begun.get(index);
            for (ExplanationPage.Card card : known.cards().get(index)) {
                subject.cards().add(CompletableFuture.completedFuture(card));
                subject.files().addAll(card.files());
            }
        }
    }

    /**
     * The results of one method for some pictures, for all their classes.
     *
     * @param left receives the pictures without finite results, and why
     */
    private void explain(Group group, Ready one, Map<String, String> left) {
        watcher.check();
        watcher.begin(
                one.entry().title(),
                (double) one.method().evaluations(model) * group.answered().size() / work);
        Explanation explanation;
        try {
            explanation = explanation(one, group.rows(), group.targets(), watcher);
        } catch (VitrineException e) {
            watcher.check();
            watcher.end();
            if (NotFinite.ended(e) && all > 1) {
                explainEach(group, one, left);
            } else if (isOnly(one)) {
                throw e;
            } else if (!refused.containsKey(one.id())) {
                refuse(one.id(), e.getMessage());
            }
            return;
        }
        write(group.answered(), group.subjects(), one, explanation, Optional.empty());
    }

    private Explanation explanation(Ready one, Tensor rows, Tensor targets, Progress progress) {
        Explanation said = one.explainer().explain(rows, targets, progress);
        return new EmptyMaps(session, one.method(), objective).noted(rows, targets, said);
    }

    /** Picture by picture, except those without finite results. */
    private void explainEach(Group group, Ready one, Map<String, String> left) {
        int row = 0;
        for (int index = 0; index < group.answered().size(); index++) {
            watcher.check();
            Answered picture = group.answered().get(index);
            int count = picture.classes().size();
            Tensor targets = group.targets().rows(row, row + count);
            row += count;
            Tensor rows = Tensor.concatenate(Collections.nCopies(count, picture.input()));
            try {
                Explanation explanation = explanation(one, rows, targets, Progress.NONE);
                write(List.of(picture), List.of(group.subjects().get(index)), one, explanation, Optional.empty());
            } catch (VitrineException e) {
                if (!NotFinite.ended(e)) {
                    throw e;
                }
                left.put(picture.name(), one.id() + ": " + e.getMessage());
                watcher.leftOut(picture.name() + ": " + left.get(picture.name()));
            }
        }
    }

    /**
     * Writes the results of one method, as far as they are complete.
     *
     * @param done progress of the last one, if stopped
     */
    private void write(
            List<Answered> answered,
            List<ExplanationFolder.Subject> begun,
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
                    watcher.check();
                }
                Optional<String> halfWay = row == rows - 1 ? done : Optional.empty();
                List<String> files = begun.get(index).files();
                int before = files.size();
                folder.write(begun.get(index), one.entry(), one.method(), target, explanation, row++, halfWay);
                if (halfWay.isPresent()) {
                    halfDone.addAll(files.subList(before, files.size()));
                }
            }
        }
    }
}
