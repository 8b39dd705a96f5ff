package dev.vitrine.app.attack;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.universal.UniversalPerturbation;
import dev.vitrine.lens.data.IdxPictures;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.folder.FolderAttack;
import dev.vitrine.study.attack.folder.FolderAttackReport;
import dev.vitrine.study.attack.universal.UniversalAttack;
import dev.vitrine.study.attack.universal.UniversalReport;
import dev.vitrine.study.picture.FolderPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The attack on all pictures of a folder or archive, labeled by their folders. */
record FolderRun(Terminal terminal, Stop stop, Path source, Optional<Integer> most, Path out) {
    static boolean isFolder(List<Path> given) {
        return given.size() == 1
                && (Files.isDirectory(given.get(0))
                        || given.get(0).toString().toLowerCase(Locale.ROOT).endsWith(".zip")
                        || IdxPictures.isIdx(given.get(0)));
    }

    /**
     * @param goal on the open model
     */
    int of(List<Attack> attacks, Function<OpenModel, Goal> goal, Supplier<OpenModel> opened) {
        long begun = System.nanoTime();
        return on(opened, (open, pictures, labels) -> {
            FolderAttack study = new FolderAttack(open.model(), pictures, labels, attacks, goal.apply(open), out);
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            study,
                            outcome -> new FolderAttackReport(
                                    study,
                                    outcome,
                                    name(),
                                    (System.nanoTime() - begun) / 1e9,
                                    ModelFacts.of(open.model(), Map.of())));
        });
    }

    /** One change for all pictures. */
    int universal(UniversalPerturbation method, Function<OpenModel, Goal> goal, Supplier<OpenModel> opened) {
        return on(opened, (open, pictures, labels) -> {
            UniversalAttack study = new UniversalAttack(open.model(), pictures, labels, method, goal.apply(open));
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            study,
                            outcome ->
                                    new UniversalReport(study, outcome, name(), ModelFacts.of(open.model(), Map.of())));
        });
    }

    private String name() {
        return source.toAbsolutePath().normalize().getFileName().toString();
    }

    /** Work on labeled pictures. */
    private interface Work {
        int on(OpenModel open, PictureList pictures, List<Integer> labels);
    }

    private int on(Supplier<OpenModel> opened, Work work) {
        most.ifPresent(count -> Bound.atLeast(1, "--pictures", count));
        try (PictureSource all = OpenSource.of(source, terminal);
                PictureSource pictures = most.map(all::evenly).orElse(all);
                OpenModel open = opened.get();
                Claim claim = OutputFolder.take(out, terminal)) {
            FolderPictures named = FolderPictures.of(source.toString(), pictures, open.model());
            named.folders().notes(open.model()).forEach(note -> terminal.err().println("note: " + note));
            List<Integer> labels = IntStream.range(0, named.pictures().size())
                    .map(named::target)
                    .boxed()
                    .toList();
            return work.on(open, named.pictures(), labels);
        }
    }
}
