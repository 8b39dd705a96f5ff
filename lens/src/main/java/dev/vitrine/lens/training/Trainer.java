package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.IdxPictures;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.training.data.Batch;
import dev.vitrine.lens.training.data.BatchLoader;
import dev.vitrine.lens.training.data.IdxSamples;
import dev.vitrine.lens.training.data.PictureSamples;
import dev.vitrine.lens.training.data.PreparedPictures;
import dev.vitrine.lens.training.data.Samples;
import dev.vitrine.lens.training.data.Split;
import dev.vitrine.lens.training.network.Network;
import dev.vitrine.lens.training.step.Loss;
import dev.vitrine.lens.training.step.TrainingGraph;
import dev.vitrine.lens.training.step.TrainingStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Trains a network by a recipe, from scratch or resuming an earlier training. */
public final class Trainer {
    /** Of {@link Checkpoint}. */
    private static final int FORMAT = 2;

    /** Receives the progress of a training. */
    public interface Listener {
        /** The pictures are being read for the first time. */
        Progress reading();

        /** A class is skipped, since its folder has no pictures. */
        void emptyClass(String name);

        /** A picture is skipped; the reason names it. */
        void unreadable(String reason);

        /** Everything is ready. */
        void begins(int classes, int train, int heldOut, long weights, int epochsDone);

        /** A step is done: means of the epoch so far. */
        void step(int epoch, int step, int steps, double loss, double accuracy);

        void epoch(EpochRecord line);

        /** The state of the training, after each epoch and at the end. */
        void report(TrainingReport report);
    }

    /** What to do with the files of an earlier training in the folder. */
    public enum Start {
        ANEW,
        RESUMED
    }

    private final Recipe recipe;
    private final TrainingFiles files;
    private final Runner runner;
    private final Listener listener;
    private final Runnable stopCheck;
    private final Cadence cadence;

    /**
     * @param folder output folder
     * @param stopCheck called often; throws to stop, upon which the training is saved
     */
    public Trainer(Recipe recipe, Path folder, Runner runner, Listener listener, Runnable stopCheck) {
        this(recipe, folder, runner, listener, stopCheck, Cadence.usual());
    }

    /** @param cadence how often the training is saved within an epoch */
    Trainer(Recipe recipe, Path folder, Runner runner, Listener listener, Runnable stopCheck, Cadence cadence) {
        this.recipe = recipe;
        this.files = new TrainingFiles(folder);
        this.runner = runner;
        this.listener = listener;
        this.stopCheck = stopCheck;
        this.cadence = cadence;
    }

    public TrainingReport train(Start start) {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "pictures");
            thread.setDaemon(true);
            return thread;
        });
        try (Claim claim = Claim.ofFolder(files.folder());
                Samples samples = samples(recipe.data())) {
            samples.emptyClasses().forEach(listener::emptyClass);
            Labels labels = labels(samples);
            Beginning beginning = Beginning.of(recipe, samples.classNames().size(), runner);
            Prepared prepared = prepared(samples, beginning.preprocessing(), pool);
            List<TeacherNetwork> teachers = new ArrayList<>();
            try (TrainingStep step = step(samples, prepared, beginning)) {
                recipe.plan()
                        .teacher()
                        .map(chosen -> new TeacherNetwork(chosen, labels, batch(prepared), runner))
                        .ifPresent(teachers::add);
                return new Work(
                                samples,
                                labels,
                                beginning,
                                prepared,
                                step,
                                teachers.stream().findFirst(),
                                pool)
                        .run(start);
            } finally {
                end(pool);
                teachers.forEach(TeacherNetwork::close);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Waits for active work: a network must not be closed while it runs. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = Thread.interrupted();
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int batch(Prepared prepared) {
        return Math.min(recipe.plan().batch(), prepared.split().train().size());
    }

    /** Digest of a recipe's training pictures, with their names and classes. */
    public static String contents(Recipe.Data data) {
        try (Samples samples = samples(data)) {
            return samples.contents();
        }
    }

    private static Samples samples(Recipe.Data data) {
        return switch (data.paths().size()) {
            case 0 ->
                throw VitrineException.usage("No pictures to learn from: the recipe's 'data' has no 'pictures'."
                        + " Give a folder, a zip archive or two IDX files with --data.");
            case 1 -> {
                Path path = data.paths().get(0);
                if (IdxPictures.isIdx(path)) {
                    throw VitrineException.usage(
                            path + ": one IDX file alone; expected two, first the pictures and then"
                                    + " their labels. Give both, or a folder or zip archive of pictures.");
                }
                yield PictureSamples.open(path, data.classes());
            }
            default -> IdxSamples.open(data.paths().get(0), data.paths().get(1));
        };
    }

    private Labels labels(Samples samples) {
        List<String> names = recipe.data().labels().isEmpty()
                ? samples.classNames()
                : recipe.data().labels();
        if (names.size() != samples.classNames().size()) {
            throw VitrineException.failure("The recipe '" + recipe.name() + "' has " + names.size() + " labels for "
                    + samples.classNames().size() + " classes; expected as many.");
        }
        // Folders of these names are recognized by their ids.
        return new Labels(names, names.equals(samples.classNames()) ? List.of() : samples.classNames());
    }

    /** The training and held-out samples, and the source of their pictures. */
    private record Prepared(Split split, PreparedPictures stored, PreparedPictures views, List<String> unreadable) {}

    private Prepared prepared(Samples samples, Preprocessing preprocessing, ExecutorService pool) {
        requireClasses(samples, IntStream.range(0, samples.size()).boxed().toList());
        Split split = Split.of(samples, recipe.data().heldOut(), recipe.plan().seed());
        long bound = recipe.data().memoryBytes();
        PreparedPictures views = new PreparedPictures(samples, preprocessing::view, bound / 5);
        PreparedPictures stored =
                new PreparedPictures(samples, picture -> stored(picture, preprocessing), bound - bound / 5);
        Progress progress = listener.reading();
        int all = samples.size();
        Map<Integer, String> unreadable = new TreeMap<>();
        unreadable.putAll(stored.read(split.train(), pool, (done, total) -> reading(progress, done, all)));
        int first = split.train().size();
        unreadable.putAll(views.read(split.heldOut(), pool, (done, total) -> reading(progress, first + done, all)));
        unreadable.values().forEach(listener::unreadable);
        Split readable = new Split(without(split.train(), unreadable), without(split.heldOut(), unreadable));
        requireClasses(samples, readable.train());
        if (readable.heldOut().isEmpty()) {
            throw VitrineException.failure("None of " + all + " pictures is held out to be asked about; expected at"
                    + " least two readable pictures of a class.");
        }
        return new Prepared(
                readable,
                stored,
                views,
                unreadable.keySet().stream().map(samples::name).toList());
    }

    private void reading(Progress progress, long done, long all) {
        stopCheck.run();
        progress.report(done, all);
    }

    private static List<Integer> without(List<Integer> indices, Map<Integer, String> unreadable) {
        return indices.stream().filter(index -> !unreadable.containsKey(index)).toList();
    }

    private static void requireClasses(Samples samples, List<Integer> indices) {
        List<String> names = samples.classNames();
        if (names.size() < 2) {
            throw VitrineException.failure("Found one class, '" + names.get(0)
                    + "'; expected two at least. Put the pictures of each class in a folder of its own.");
        }
        int[] counts = new int[names.size()];
        indices.forEach(index -> counts[samples.label(index)]++);
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw VitrineException.failure("The class '" + names.get(label)
                        + "' has no readable picture to learn from; expected two at least. Add some, or leave the class"
                        + " out of the recipe's 'data.classes'.");
            }
        }
    }

    /** The source of random crops. */
    private Picture stored(Picture picture, Preprocessing preprocessing) {
        int side = recipe.data().stored();
        return new Preprocessing(
                        Math.max(side, preprocessing.width()),
                        Math.max(side, preprocessing.height()),
                        preprocessing.fit(),
                        preprocessing.resampling(),
                        preprocessing.channels(),
                        preprocessing.layout(),
                        preprocessing.normalization())
                .view(picture);
    }

    private TrainingStep step(Samples samples, Prepared prepared, Beginning beginning) {
        Recipe.Plan plan = recipe.plan();
        TrainingGraph graph = TrainingGraph.of(
                beginning.network(),
                beginning.parameters(),
                new TrainingGraph.Settings(
                        batch(prepared),
                        new Loss(
                                plan.smoothing(),
                                classWeights(samples, prepared.split().train(), plan.balance()),
                                plan.teacher().map(Recipe.Teacher::distillation)),
                        recipe.augmentation().mixup() > 0
                                ? TrainingGraph.Pictures.BLENDED
                                : TrainingGraph.Pictures.SINGLE,
                        plan.optimizer(),
                        plan.filterRadius(),
                        runner.channelBlock()));
        return new TrainingStep(graph, plan.optimizer(), plan.seed(), runner);
    }

    /** ∝ 1/countᵏ, with mean 1 over the samples. */
    static List<Double> classWeights(Samples samples, List<Integer> train, double power) {
        double[] counts = new double[samples.classNames().size()];
        train.forEach(index -> counts[samples.label(index)]++);
        double sum = 0;
        for (double count : counts) {
            sum += count * Math.pow(count, -power);
        }
        double scale = train.size() / sum;
        List<Double> weights = new ArrayList<>();
        for (double count : counts) {
            weights.add(scale * Math.pow(count, -power));
        }
        return weights;
    }

    private final class Work {
        private final Samples samples;
        private final Labels labels;
        private final Beginning beginning;
        private final Prepared prepared;
        private final TrainingStep step;
        private final BatchLoader loader;
        private final Evaluator evaluator;
        private final List<EpochRecord> log = new ArrayList<>();
        private final Question question;
        private int epoch;
        private int done;
        private double lossSum;
        private long correct;

        Work(
                Samples samples,
                Labels labels,
                Beginning beginning,
                Prepared prepared,
                TrainingStep step,
                Optional<TeacherNetwork> teacher,
                ExecutorService pool) {
            this.samples = samples;
            this.labels = labels;
            this.beginning = beginning;
            this.prepared = prepared;
            this.step = step;
            Recipe.Plan plan = recipe.plan();
            List<Integer> train = prepared.split().train();
            this.loader = new BatchLoader(
                    samples,
                    train,
                    prepared.stored(),
                    recipe.augmentation(),
                    beginning.preprocessing(),
                    teacher.map(network -> network),
                    plan.orders(),
                    batch(prepared),
                    plan.seed(),
                    pool);
            this.evaluator = new Evaluator(samples, prepared.views(), beginning.preprocessing(), runner);
            Question all = Question.of("training", FORMAT)
                    .with("recipe", recipe.name() + " " + Digest.of(recipe.text()))
                    .with("epochs", plan.epochs())
                    .with("seed", plan.seed())
                    .with("network", beginning.source())
                    .with("classes", String.join(",", samples.classNames()))
                    .with("pictures", samples.size() + ", contents " + samples.contents())
                    .with("learned from", train.size() + " " + Digest.of(train.toString()));
            this.question = teacher.map(network -> all.with("teacher", network.source()))
                    .orElse(all);
        }

        TrainingReport run(Start start) {
            if (start == Start.RESUMED) {
                resume();
            } else {
                keep(0);
            }
            long weights = beginning.parameters().weights().stream()
                    .mapToLong(weight ->
                            beginning.network().graph().constants().get(weight).elements())
                    .sum();
            listener.begins(
                    samples.classNames().size(),
                    prepared.split().train().size(),
                    prepared.split().heldOut().size(),
                    weights,
                    epoch);
            Optional<Evaluation> last = Optional.empty();
            Evaluation learned;
            try {
                while (epoch < recipe.plan().epochs()) {
                    last = Optional.of(epoch());
                }
                last = last.or(() -> Optional.of(evaluate(prepared.split().heldOut())));
                learned = evaluate(prepared.split().train());
            } catch (CancellationException stopped) {
                save();
                throw stopped;
            }
            files.writeModel(recipe, network(), beginning.preprocessing(), labels);
            return report(last.orElseThrow(), Optional.of(learned));
        }

        private Evaluation epoch() {
            long begin = System.nanoTime();
            int batch = batch(prepared);
            int first = done;
            double rate = rate(Math.max(0, done - 1));
            Iterator<Batch> batches = loader.epoch(epoch, done);
            while (batches.hasNext()) {
                stopCheck.run();
                double progress =
                        (epoch + (double) done / loader.steps()) / recipe.plan().epochs();
                rate = recipe.plan().rate() * recipe.plan().schedule().factor(progress);
                TrainingStep.Result result = step.run(batches.next(), rate);
                if (!Double.isFinite(result.loss())) {
                    throw VitrineException.failure("The training diverged: the loss is " + result.loss() + " in epoch "
                            + (epoch + 1) + ", step " + (done + 1)
                            + "; expected a finite number. Lower the learning rate ('optimizer.rate') in the recipe.");
                }
                done++;
                lossSum += result.loss();
                correct += result.correct();
                listener.step(
                        epoch + 1, done, loader.steps(), lossSum / done, (double) correct / ((long) done * batch));
                cadence.pass(this::save);
            }
            double learned = (System.nanoTime() - begin) / 1e9;
            Evaluation evaluation = evaluate(prepared.split().heldOut());
            EpochRecord line = new EpochRecord(
                    epoch + 1,
                    rate,
                    lossSum / Math.max(1, done),
                    (double) correct / Math.max(1, (long) done * batch),
                    evaluation.loss(),
                    evaluation.accuracy(),
                    evaluation.meanClassAccuracy(),
                    evaluation.deadShare(),
                    (System.nanoTime() - begin) / 1e9,
                    (done - first) * (double) batch / learned);
            log.add(line);
            epoch++;
            done = 0;
            lossSum = 0;
            correct = 0;
            // Files that a resumed training would not write again are written before the state.
            files.writeLog(log);
            keep(epoch);
            save();
            listener.epoch(line);
            report(evaluation, Optional.empty());
            return evaluation;
        }

        /** The learning rate of a step of this epoch. */
        private double rate(int stepOfEpoch) {
            double progress = (epoch + (double) stepOfEpoch / loader.steps())
                    / recipe.plan().epochs();
            return recipe.plan().rate() * recipe.plan().schedule().factor(progress);
        }

        private Evaluation evaluate(List<Integer> indices) {
            return evaluator.evaluate(network(), indices, stopCheck);
        }

        private TrainingReport report(Evaluation evaluation, Optional<Evaluation> learned) {
            TrainingReport report = new TrainingReport(
                    recipe.name(), recipe.plan().epochs(), log, evaluation, learned, labels.names(), facts());
            OutputFile.write(files.evaluation(), report.json());
            listener.report(report);
            return report;
        }

        private Network network() {
            return beginning.network().with(step.state());
        }

        private void keep(int reached) {
            boolean chosen = recipe.plan().checkpoints().contains(reached);
            if (chosen) {
                files.writeCheckpoint(reached, recipe, network(), beginning.preprocessing(), labels);
            }
        }

        private void save() {
            new Checkpoint(question, epoch, done, step.steps(), lossSum, correct, log, step.current())
                    .write(files.state());
        }

        private void resume() {
            if (!Files.exists(files.state())) {
                throw VitrineException.usage("--resume: there is no training to go on with in " + files.folder()
                        + "; expected " + files.state() + ". Leave --resume out to begin anew.");
            }
            Checkpoint found = Checkpoint.read(files.state());
            question.difference(found.question()).ifPresent(difference -> {
                throw VitrineException.usage("The training in " + files.folder()
                        + " was made by another recipe, with other pictures, epochs or another seed: " + difference
                        + ". Go on with what it began with, or write to another folder.");
            });
            step.restore(found.state(), found.steps());
            log.addAll(found.log());
            epoch = found.epoch();
            done = found.step();
            lossSum = found.lossSum();
            correct = found.correct();
        }

        private Map<String, String> facts() {
            Map<String, String> facts = new TreeMap<>();
            Recipe.Plan plan = recipe.plan();
            facts.put(
                    "pictures learned from",
                    Integer.toString(prepared.split().train().size()));
            facts.put(
                    "pictures held out",
                    Integer.toString(prepared.split().heldOut().size()));
            facts.put(
                    "pictures left out as unreadable",
                    Integer.toString(prepared.unreadable().size()));
            facts.put("batch", Integer.toString(plan.batch()));
            facts.put("optimizer", plan.optimizer() + ", rate " + plan.rate());
            facts.put("schedule", plan.schedule().toString());
            facts.put("augmentation", recipe.augmentation().toString());
            facts.put("label smoothing", Double.toString(plan.smoothing()));
            facts.put(
                    "class weights",
                    (plan.balance() == 0 ? "equal" : "1 / count^" + plan.balance()) + ", pictures in "
                            + switch (plan.orders()) {
                                case NATURAL -> "natural order";
                                case BALANCED -> "balanced order";
                            });
            plan.teacher()
                    .ifPresent(teacher -> facts.put(
                            "teacher",
                            teacher.file().getFileName() + ", temperature "
                                    + teacher.distillation().temperature() + ", weight of the labels "
                                    + teacher.distillation().hard()));
            facts.put("seed", Long.toString(plan.seed()));
            return facts;
        }
    }
}
