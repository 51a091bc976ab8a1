%% Zips of Erlang's module zip. `programs` calls it in the folder of contents.
-module(producers).
-export([main/1]).

main(Made) ->
    Name = Made ++ "/sound/erlang-" ++ erlang:system_info(otp_release),
    ok = filelib:ensure_dir(Name),
    {ok, _} = zip:zip(Name ++ "-files.zip", ["logs"]),
    {ok, _} = zip:zip(Name ++ "-stored.zip", ["logs"], [{compress, []}]),
    {ok, _} = zip:zip(Name ++ "-comment.zip", ["logs"], [{comment, "from device 7"}]),
    {ok, {_, Bytes}} = zip:zip("app.zip", [{"app.log", <<"boot ok\n">>}], [memory]),
    ok = file:write_file(Name ++ "-memory.zip", Bytes).
