using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reflection;

namespace MesosStack.Embedded.Cli;

/// <summary>Makes options of the declarations in <see cref="CommandOptions"/>, and reads a command line into it.</summary>
internal sealed class OptionTable
{
    private static readonly CommandOptions Defaults = new();

    private readonly List<Row> _rows =
        [.. from property in typeof(CommandOptions).GetProperties() let declared = property.GetCustomAttribute<CommandOptionAttribute>() where declared is not null select Make(property, declared)];

    /// <summary>The options that a verb declares for itself.</summary>
    public IEnumerable<Option> Of(Verbs verb) => _rows.Where(row => (row.Verbs & verb) != Verbs.None).Select(row => row.Option);

    /// <summary>The options as they were given; the others with their defaults.</summary>
    public CommandOptions Read(ParseResult parsed)
    {
        var options = new CommandOptions();
        foreach (var row in _rows.Where(row => parsed.GetResult(row.Option) is not null))
        {
            row.Property.SetValue(options, row.Value(parsed));
        }

        return options;
    }

    private static Row Make(PropertyInfo property, CommandOptionAttribute declared) => property.PropertyType switch
    {
        var type when type == typeof(bool) => Make<bool>(property, declared),
        var type when type == typeof(string) => Make<string>(property, declared),
        var type when type == typeof(int?) => Make<int?>(property, declared, RequireCount),
        var type => throw new NotSupportedException($"{declared.Name}: there is no option of type {type}"),
    };

    private static Row Make<T>(PropertyInfo property, CommandOptionAttribute declared, Action<OptionResult>? check = null)
    {
        var option = new Option<T>(declared.Name) { Description = declared.Description, HelpName = declared.Takes, Recursive = declared.Verbs == Verbs.Every };
        if (declared.Alias is { } alias)
        {
            option.Aliases.Add(alias);
        }

        if (check is not null)
        {
            option.Validators.Add(check);
        }

        if (property.GetValue(Defaults) is string or int)
        {
            option.DefaultValueFactory = _ => (T)property.GetValue(Defaults)!;
        }

        return new Row(declared.Verbs, option, property, parsed => parsed.GetValue(option));
    }

    private static void RequireCount(OptionResult result)
    {
        if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, NumberStyles.Integer, CultureInfo.CurrentCulture, out var number) || number < 1))
        {
            result.AddError($"{result.Option.Name} takes a number from 1, not '{text}'");
        }
    }

    private sealed record Row(Verbs Verbs, Option Option, PropertyInfo Property, Func<ParseResult, object?> Value);
}
