package dev.vitrine.app.answer;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.answer.Answer;
import dev.vitrine.study.answer.AnswerTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tables of answers, and the report about them. */
@Command
final class AnswerOptions {
    @Option(
            names = "--answers",
            paramLabel = "FILE.csv",
            arity = "1..*",
            description = "Answers: CSV with the columns subj, imagename, object_response and category; one line per"
                    + " subject and picture. Several files are read as one.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--report", paramLabel = "FILE.json", description = "Output file of the report.")
    private Optional<Path> report;

    boolean areGiven() {
        return !files.isEmpty();
    }

    /** None if no file is given. */
    List<Answer> read() {
        return AnswerTable.read(files);
    }

    /** For questions about pairs. */
    List<Answer> readOfSeveral() {
        if (!areGiven()) {
            throw VitrineException.usage("Found no --answers; expected a CSV file of answers.");
        }
        List<Answer> answers = read();
        if (answers.stream().map(Answer::subject).distinct().count() < 2) {
            throw VitrineException.failure(files.get(0) + ": found only the subject '"
                    + answers.get(0).subject() + "'; expected at least two to compare.");
        }
        return answers;
    }

    /** Prints a report, and writes it if asked to. */
    int write(Object result, List<String> lines, Terminal terminal) {
        lines.forEach(terminal.out()::println);
        write(result, terminal);
        return 0;
    }

    /** Writes a report if asked to. */
    void write(Object result, Terminal terminal) {
        report.ifPresent(path -> {
            try (Claim claim = OutputFolder.takeFile(path, terminal)) {
                OutputFile.write(path, StudyJson.text(result));
                terminal.out().println(path);
            }
        });
    }
}
